namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>How a translation ended.</summary>
internal enum TranslationOutcome
{
    /// <summary>The address leads somewhere.</summary>
    Found,

    /// <summary>The page tables do not allow the access.</summary>
    PageFault,

    /// <summary>The page tables themselves cannot be accessed.</summary>
    AccessFault,
}
