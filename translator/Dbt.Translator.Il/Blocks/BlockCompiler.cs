using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Dbt.Translator.Cache;
using Dbt.Translator.Il.Emission;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Blocks;

/// <summary>Compiles predecoded blocks, one DynamicMethod each.</summary>
/// <param name="lifter">The guest's trees.</param>
internal sealed unsafe class BlockCompiler(GuestLifter lifter)
{
    /// <summary>Generates and compiles.</summary>
    /// <param name="block">The block; its code outlives the method.</param>
    /// <param name="linkTo">Gives the address of a link that leads to a guest address.</param>
    /// <param name="text">Gets the IL as text; null when nobody reads it.</param>
    /// <exception cref="NotSupportedException">Something in the block has no IL.</exception>
    public DynamicMethod Compile(Block block, Func<ulong, nint> linkTo, List<string>? text = null)
    {
        var builder = new BlockTreeBuilder(lifter.Isa);
        lifter.Lift<BlockTreeBuilder, Node>(block.Instructions, ref builder);
        var statements = builder.Finish(block.End);
        var name = string.Create(CultureInfo.InvariantCulture, $"guest_{block.Start:x}");
        var method = new DynamicMethod(name, typeof(void), BlockEmitter.Parameters, typeof(BlockCompiler).Module, skipVisibility: true) { InitLocals = false };
        var il = new IlWriter(method.GetILGenerator(), text);
        new BlockEmitter(il, builder.LocalCount, block.Code, linkTo).Emit(statements, builder.AssumesNearestRounding);
        RuntimeHelpers.PrepareMethod(GetMethodDescriptor(method));
        return method;
    }

    /// <summary>Generates and compiles; false when something in the block has no IL.</summary>
    public bool TryCompile(Block block, Func<ulong, nint> linkTo, [NotNullWhen(true)] out DynamicMethod? method)
    {
        try
        {
            method = Compile(block, linkTo);
            return true;
        }
        catch (NotSupportedException)
        {
            method = null;
            return false;
        }
    }

    /// <summary>The entry of a compiled method. It roots nothing.</summary>
    public static void* EntryOf(DynamicMethod method) => (void*)GetMethodDescriptor(method).GetFunctionPointer();

    /// <summary>What the runtime calls a method. A delegate would compile at its first call only, and cannot be tail-called by address.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "GetMethodDescriptor")]
    public static extern RuntimeMethodHandle GetMethodDescriptor(DynamicMethod method);
}
