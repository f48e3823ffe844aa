using System.Diagnostics;
using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Blocks;

/// <summary>Compiles blocks as the <see cref="BlockEngine"/> does, to be read and not to be run.</summary>
/// <param name="lifter">The guest's trees.</param>
/// <param name="extensions">Extensions that are on.</param>
/// <param name="code">Where instructions come from.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class BlockExplainer(GuestLifter lifter, ExtensionSet extensions, IGuestCode code, EngineOptions? options = null) : IBlockExplainer
{
    private readonly BlockDecoder _decoder = new(lifter.Isa, extensions, code, (options ?? EngineOptions.Default).MaximumBlockLength);
    private readonly BlockCompiler _compiler = new(lifter);

    /// <inheritdoc/>
    public BlockExplanation? Explain(ulong pc)
    {
        if (_decoder.TryDecode(pc) != ExitReason.None)
            return null;
        using var memory = new Arena();
        var block = new Block();
        block.Fill(_decoder, memory);
        var il = new List<string>();
        var started = Stopwatch.GetTimestamp();
        var method = _compiler.Compile(block, _ => (nint)memory.Allocate(sizeof(Link)), il);
        var time = Stopwatch.GetElapsedTime(started);
        var entry = BlockCompiler.EntryOf(method);
        var bytes = HostCode.Copy(entry, BlockCompiler.GetMethodDescriptor(method));
        GC.KeepAlive(method);
        return new BlockExplanation(pc, block.Instructions.ToArray(), block.SourceBytes.ToArray(), (ulong)entry, bytes) { Il = il, CompileTime = time };
    }
}
