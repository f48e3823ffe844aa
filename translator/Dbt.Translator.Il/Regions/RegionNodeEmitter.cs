using System.Reflection.Emit;
using Dbt.Translator.Il.Emission;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Regions;

/// <summary>Turns the values of regions into IL: what is used once becomes part of the expression that uses it.</summary>
/// <param name="il">Where to.</param>
/// <param name="localCount">Number of <see cref="LocalNode"/> indexes.</param>
internal sealed class RegionNodeEmitter(IlWriter il, int localCount) : NodeEmitter(il, localCount)
{
    private readonly LocalBuilder?[] _places = new LocalBuilder?[localCount];
    private readonly Action?[] _inlined = new Action?[localCount];
    private readonly int[] _uses = new int[localCount];

    /// <summary>Uses of a local that were not emitted yet.</summary>
    public ref int UsesOf(LocalNode local) => ref _uses[local.Index];

    /// <summary>Where a local is now; null when it is nowhere.</summary>
    public LocalBuilder? PlaceOf(LocalNode local) => _places[local.Index];

    /// <summary>A local is in a place.</summary>
    public void SetPlace(LocalNode local, LocalBuilder place) => _places[local.Index] = place;

    /// <summary>A local is computed where it is used.</summary>
    public void SetInlined(LocalNode local, Action push) => _inlined[local.Index] = push;

    /// <inheritdoc/>
    public override void Push(Node node)
    {
        if (node is not LocalNode local)
        {
            base.Push(node);
            return;
        }
        _uses[local.Index]--;
        if (_inlined[local.Index] is { } push)
            push();
        else
            Il.Emit(OpCodes.Ldloc, _places[local.Index] ?? throw new InvalidOperationException("A value is used before it is computed."));
    }
}
