namespace Dbt.Embedding;

/// <summary>
/// A function of a guest that is called from this process: by its calling convention, with integers and addresses. Calls are made on one hart, so by one
/// thread at a time, and each begins at the top of the same stack.
/// </summary>
public sealed class GuestFunction
{
    private readonly VirtualHart _hart;

    internal GuestFunction(VirtualHart hart, ulong address)
    {
        _hart = hart;
        Address = address;
        hart.PrepareCalls();
    }

    /// <summary>Its first instruction.</summary>
    public ulong Address { get; }

    /// <summary>Calls it without arguments.</summary>
    /// <returns>What it returns in the first result register.</returns>
    /// <exception cref="GuestException">It did not return.</exception>
    /// <exception cref="InvalidOperationException">The hart is running.</exception>
    public ulong Invoke()
    {
        _hart.BeginCall();
        return _hart.Call(Address);
    }

    /// <summary>Calls it; see <see cref="Invoke()"/>.</summary>
    public ulong Invoke(ulong first)
    {
        _hart.BeginCall();
        _hart.Argument(0) = first;
        return _hart.Call(Address);
    }

    /// <summary>Calls it; see <see cref="Invoke()"/>.</summary>
    public ulong Invoke(ulong first, ulong second)
    {
        _hart.BeginCall();
        _hart.Argument(0) = first;
        _hart.Argument(1) = second;
        return _hart.Call(Address);
    }

    /// <summary>Calls it; see <see cref="Invoke()"/>.</summary>
    /// <param name="arguments">As many as the guest passes in registers, at most.</param>
    /// <exception cref="ArgumentException">They are more.</exception>
    public ulong Invoke(params ReadOnlySpan<ulong> arguments)
    {
        if (arguments.Length > _hart.ArgumentCount)
            throw new ArgumentException($"A call has at most {_hart.ArgumentCount} arguments: others are passed in memory, by the caller.", nameof(arguments));
        _hart.BeginCall();
        for (var i = 0; i < arguments.Length; i++)
            _hart.Argument(i) = arguments[i];
        return _hart.Call(Address);
    }
}
