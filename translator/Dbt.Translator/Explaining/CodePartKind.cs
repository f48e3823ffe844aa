namespace Dbt.Translator.Explaining;

/// <summary>What a stretch of host code is for.</summary>
public enum CodePartKind
{
    /// <summary>The way into the block: it takes its instructions off the budget.</summary>
    Entry,

    /// <summary>A guest instruction.</summary>
    Instruction,

    /// <summary>A guest instruction that has no pattern: the interpreter is called for it.</summary>
    Interpreted,

    /// <summary>The way on to the block behind.</summary>
    FallThrough,

    /// <summary>Cold: leaves because the budget is used up.</summary>
    OutOfBudget,

    /// <summary>Cold: leaves, for the interpreter to execute an instruction that cannot go on here.</summary>
    HandOver,

    /// <summary>Cold: has the interpreter execute an instruction, and comes back behind it.</summary>
    CallOut,

    /// <summary>Cold: a rare result of an instruction, and back.</summary>
    RareResult,

    /// <summary>Cold: gives back to the budget what a jump within the block skips.</summary>
    Skipped,

    /// <summary>Cold: leaves through a jump whose target is not translated yet.</summary>
    Unlinked,

    /// <summary>Cold: a call of the hypervisor leaves, or looks up its handler and calls that.</summary>
    Hypercall,
}
