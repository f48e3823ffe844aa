namespace Dbt.Translator.Hypercalls;

/// <summary>In which general-purpose registers a guest's calls pass what, by number.</summary>
/// <param name="Number">The register of the call's number.</param>
/// <param name="Function">The register of its function; negative when the number says it all.</param>
/// <param name="Arguments">Those of the arguments, the first one first.</param>
/// <param name="Results">Those of the results.</param>
public sealed record HypercallConvention(int Number, int Function, IReadOnlyList<int> Arguments, IReadOnlyList<int> Results)
{
    /// <summary>Whether a call's key has two parts.</summary>
    public bool HasFunction => Function >= 0;

    /// <summary>
    /// Calls are those of a mode above user mode (<see cref="Isa.Systems.SystemHeader.MayCall"/>): their addresses are not those of a window, so
    /// nothing can be stored there on their behalf.
    /// </summary>
    public bool IsPrivileged { get; init; }

    // Registers that handlers in C# find in the hart's state and may write there.
    internal bool Passes(int register)
    {
        if (register == Number || register == Function)
            return true;
        for (var i = 0; i < Arguments.Count; i++)
            if (Arguments[i] == register)
                return true;
        return Returns(register);
    }

    internal bool Returns(int register)
    {
        for (var i = 0; i < Results.Count; i++)
            if (Results[i] == register)
                return true;
        return false;
    }
}
