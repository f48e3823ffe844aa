using Dbt.Translator.Engines;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Il.Regions;
using Dbt.Translator.Tests.HostCode;

namespace Dbt.Fuzz.Machines;

/// <summary>An engine, and how it is set up.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Create">Makes it.</param>
internal sealed record EngineConfiguration(string Name, Func<FuzzGuest, IEngine> Create)
{
    /// <summary>What the others are compared with.</summary>
    public static EngineConfiguration Interpreter { get; } = new("interpreter", guest => new InterpreterEngine(guest.Isa));

    /// <summary>Compiles every block.</summary>
    public static EngineConfiguration Block { get; } =
        new("block", guest => new BlockEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0 }));

    /// <summary>Compiles what is executed again: changes between interpreted and compiled blocks.</summary>
    public static EngineConfiguration BlockWarm { get; } =
        new("block-warm", guest => new BlockEngine(guest.Lifter, new EngineOptions { CompileThreshold = 2 }));

    /// <summary>Compiles every instruction on its own.</summary>
    public static EngineConfiguration BlockSingle { get; } =
        new("block-single", guest => new BlockEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0, MaximumBlockLength = 1 }));

    /// <summary>Compiles every block to machine code.</summary>
    public static EngineConfiguration Baseline { get; } =
        new("baseline", guest => new BaselineEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0 }));

    /// <summary>Compiles every block to machine code that does not count instructions, of a guest whose memory is its own.</summary>
    public static EngineConfiguration BaselineUncounted { get; } = Uncounted("baseline-uncounted");

    /// <summary>The same, where every poll of that code fails.</summary>
    public static EngineConfiguration BaselinePolls { get; } = Uncounted("baseline-polls") with { PollsFail = true };

    /// <summary>Whether instructions are counted, so that runs may have a budget.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Whether every poll fails and the hart goes on.</summary>
    public bool PollsFail { get; init; }

    private static EngineConfiguration Uncounted(string name) =>
        new(name, guest => new BaselineEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0, CountsInstructions = false, SharesMemory = false })) { Counts = false };

    /// <summary>Compiles every block to machine code of a lower level of x86-64.</summary>
    public static EngineConfiguration BaselineOn(string level) =>
        new($"baseline-{level}", guest => new BaselineEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0 }, HostLevels.Of(level)));

    /// <summary>Compiles what is executed again to machine code: changes between interpreted and compiled blocks.</summary>
    public static EngineConfiguration Auto { get; } =
        new("auto", guest => new BaselineEngine(guest.Lifter, new EngineOptions { CompileThreshold = 2 }));

    /// <summary>Makes a region of every place that is reached.</summary>
    public static EngineConfiguration Region { get; } =
        new("region", guest => RegionEngine.Create(guest.Lifter, new EngineOptions { CompileThreshold = 0 }));

    /// <summary>The same without counting.</summary>
    public static EngineConfiguration RegionUncounted { get; } =
        new("region-uncounted", guest => RegionEngine.Create(guest.Lifter, new EngineOptions { CompileThreshold = 0, CountsInstructions = false })) { Counts = false };

    /// <summary>Compiles every instruction to machine code on its own.</summary>
    public static EngineConfiguration BaselineSingle { get; } =
        new("baseline-single", guest => new BaselineEngine(guest.Lifter, new EngineOptions { CompileThreshold = 0, MaximumBlockLength = 1 }));
}
