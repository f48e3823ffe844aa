using Dbt.Isa;

namespace Dbt.Translator;

/// <summary>A hardware thread of a guest: its state in unmanaged memory, and what it fetches from. Run by one host thread at a time.</summary>
public sealed unsafe partial class Hart : IDisposable
{
    /// <summary>The instruction set and register width.</summary>
    public GuestIsa Isa { get; }

    /// <summary>Extensions that are on; anything else is an illegal instruction.</summary>
    public ExtensionSet Extensions { get; }

    /// <summary>Where instructions come from.</summary>
    public IGuestCode Code { get; }

    /// <summary>The state that engines work on; <see cref="GuestIsa.StateSize"/> bytes, zeroed at creation.</summary>
    public HartHeader* State { get; }
}
