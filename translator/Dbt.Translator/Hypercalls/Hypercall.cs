using Dbt.Isa;

namespace Dbt.Translator.Hypercalls;

/// <summary>What a hypervisor does about a call; immutable. Two that do the same are equal.</summary>
public sealed unsafe class Hypercall : IEquatable<Hypercall>
{
    // Null for none: an empty array of these, as any generic code of .NET over them, would be compiled at every start.
    private readonly HypercallStep[]? _steps;

    private Hypercall(HypercallKind kind, HypercallStep[]? steps = null, nint function = 0, HostQuery? query = null)
    {
        Kind = kind;
        _steps = steps;
        Function = function;
        Query = query;
    }

    /// <summary>The engine returns to its caller.</summary>
    public static Hypercall Trap { get; } = new(HypercallKind.Trap);

    /// <summary>Nothing happens.</summary>
    public static Hypercall Nop { get; } = new(HypercallKind.Nop);

    /// <summary>What becomes of a site.</summary>
    public HypercallKind Kind { get; }

    /// <summary>What happens, when it is made of steps.</summary>
    public IReadOnlyList<HypercallStep> Steps => _steps ?? [];

    /// <summary>Number of <see cref="Steps"/>.</summary>
    internal int StepCount => _steps == null ? 0 : _steps.Length;

    /// <summary>The handler in C# or C, when it has one.</summary>
    internal nint Function { get; }

    /// <summary>The host's function, when it is one.</summary>
    internal HostQuery? Query { get; }

    /// <summary>A few steps in the translation itself.</summary>
    public static Hypercall Inline(params HypercallStep[] steps) => new(HypercallKind.Inline, Copied(steps));

    /// <summary>The same steps out of line: a handler of machine code, one copy for all sites.</summary>
    public static Hypercall Leaf(params HypercallStep[] steps) => new(HypercallKind.Call, Copied(steps));

    /// <summary>
    /// A handler as it is compiled by C# (<c>UnmanagedCallersOnly</c>) or C. It finds the registers of the convention in the hart's state,
    /// and only those; what it writes to results counts. It gives 0 to leave the call to the engine's caller, having done nothing. It must let no
    /// exception out, and be as safe from other threads as they are many. It must stay callable: calls that began before it was replaced end after that.
    /// </summary>
    public static Hypercall Call(delegate* unmanaged<HartHeader*, int> handler)
    {
        if (handler == null)
            throw new ArgumentNullException(nameof(handler));
        return new(HypercallKind.Call, null, (nint)handler);
    }

    /// <summary>A function of the host that fills a structure for the guest. Engines without machine code leave it to their caller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It takes too much.</exception>
    public static Hypercall Ask(HostQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return query.IsValid ? new(HypercallKind.Call, null, 0, query) : throw new ArgumentOutOfRangeException(nameof(query), query, null);
    }

    /// <summary>One of <see cref="Steps"/>.</summary>
    internal ref readonly HypercallStep StepAt(int number) => ref _steps![number];

    /// <summary>Makes the call for an engine that is not in translated code; false when it is the caller's.</summary>
    internal bool TryMake(HartHeader* state, RegisterFileInfo file)
    {
        if (Kind == HypercallKind.Trap || Query != null)
            return false;
        if (Function != 0)
            return ((delegate* unmanaged<HartHeader*, int>)Function)(state) != 0;
        for (var i = 0; i < StepCount; i++)
            _steps![i].Execute(state, file);
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(Hypercall? other)
    {
        if (other is null || Kind != other.Kind || Function != other.Function || Query != other.Query || StepCount != other.StepCount)
            return false;
        for (var i = 0; i < StepCount; i++)
            if (StepAt(i) != other.StepAt(i))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Hypercall);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = (int)Kind * 31 + (int)Function + (int)(Query?.Function ?? 0);
        for (var i = 0; i < StepCount; i++)
            hash = hash * 31 + (int)StepAt(i).Value + StepAt(i).Register;
        return hash;
    }

    private static HypercallStep[] Copied(HypercallStep[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return (HypercallStep[])steps.Clone();
    }
}
