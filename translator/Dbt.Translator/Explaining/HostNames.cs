namespace Dbt.Translator.Explaining;

/// <summary>What numbers and registers in host code stand for.</summary>
public sealed record HostNames
{
    /// <summary>No names.</summary>
    public static HostNames None { get; } = new();

    /// <summary>Addresses of code and data outside of the block, stubs among them.</summary>
    public IReadOnlyDictionary<ulong, string> Addresses { get; init; } = new Dictionary<ulong, string>();

    /// <summary>The host register that points into the hart's state, as assemblers call it; empty when there is none.</summary>
    public string StateRegister { get; init; } = "";

    /// <summary>The host register with the address of guest address 0, as assemblers call it; empty when there is none.</summary>
    public string MemoryRegister { get; init; } = "";

    /// <summary>What lies in the hart's state, by the distance from where <see cref="StateRegister"/> points.</summary>
    public IReadOnlyDictionary<long, string> StateFields { get; init; } = new Dictionary<long, string>();

    /// <summary>Guest registers that live in host registers.</summary>
    public IReadOnlyList<(string Guest, string Host)> Registers { get; init; } = [];
}
