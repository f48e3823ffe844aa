using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Comparisons;

/// <summary>One way to find out whether two executions of a program agree.</summary>
internal interface IComparison
{
    /// <summary>For reports and the command line.</summary>
    string Name { get; }

    /// <summary>The engine that is compared with the interpreter or with QEMU.</summary>
    EngineConfiguration Engine { get; }

    /// <summary>What programs it is for.</summary>
    IReadOnlyList<ProgramStyle> Styles { get; }

    /// <summary>Compares all programs of a batch; gives the index of each that differs, and how.</summary>
    IReadOnlyList<(int Index, string Difference)> Compare(Batch batch, MachinePool machines);
}
