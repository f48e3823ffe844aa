namespace Dbt.Bench.Comparing;

/// <summary>What kind of column a runner is.</summary>
internal enum RunnerKind
{
    /// <summary>The host's own build.</summary>
    Native,

    /// <summary>The host's own build without vectors, which the guest does not have either: what fractions of native refer to.</summary>
    NativeWithoutVectors,

    /// <summary>An emulator that others are compared with.</summary>
    Yardstick,

    /// <summary>Dbt with one of its engines.</summary>
    Dbt,

    /// <summary>A command of the user.</summary>
    Peer,
}
