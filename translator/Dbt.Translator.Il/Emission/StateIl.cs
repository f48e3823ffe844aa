using System.Reflection.Emit;
using Dbt.Isa;

namespace Dbt.Translator.Il.Emission;

/// <summary>IL that accesses the hart's state, which is every method's first argument.</summary>
internal static class StateIl
{
    /// <summary>Pushes the address of a field (<see cref="StateLayout"/>).</summary>
    public static void PushField(this IlWriter il, int offset)
    {
        il.Argument(0);
        il.Constant(offset);
        il.Emit(OpCodes.Add);
    }

    /// <summary>Stores the guest's pc.</summary>
    public static void StorePc(this IlWriter il, long pc)
    {
        il.PushField(StateLayout.Pc);
        il.Constant(pc);
        il.Emit(OpCodes.Stind_I8);
    }

    /// <summary>Stores a constant to a field of 32 bits.</summary>
    public static void StoreInt(this IlWriter il, int offset, int value)
    {
        il.PushField(offset);
        il.Constant(value);
        il.Emit(OpCodes.Stind_I4);
    }

    /// <summary>Returns to the engine.</summary>
    public static void Leave(this IlWriter il, ExitReason reason)
    {
        il.StoreInt(StateLayout.Exit, (int)reason);
        il.Emit(OpCodes.Ret);
    }

    /// <summary>Leaves the address of a guest address's <see cref="JumpCacheEntry"/> in a local, or branches when that is another one's.</summary>
    public static LocalBuilder FindInJumpCache(this IlWriter il, LocalBuilder target, Label miss)
    {
        // index = (pc >> 1 & count - 1) * entry size
        const int EntryBits = 4;
        var entry = il.Local(typeof(nint));
        il.PushField(StateLayout.JumpCache);
        il.Emit(OpCodes.Ldind_I);
        il.Emit(OpCodes.Ldloc, target);
        il.Constant(EntryBits - 1);
        il.Emit(OpCodes.Shl);
        il.Constant((long)(JumpCacheEntry.Count - 1) << EntryBits);
        il.Emit(OpCodes.And);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, entry);
        il.Emit(OpCodes.Ldloc, entry);
        il.Emit(OpCodes.Ldind_I8);
        il.Emit(OpCodes.Ldloc, target);
        il.Emit(OpCodes.Bne_Un, miss);
        return entry;
    }
}
