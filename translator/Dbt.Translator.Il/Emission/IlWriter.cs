using System.Globalization;
using System.Reflection;
using System.Reflection.Emit;

namespace Dbt.Translator.Il.Emission;

/// <summary>Writes IL, and the same as text when somebody wants to read it.</summary>
/// <param name="il">Where to.</param>
/// <param name="text">Gets one line per instruction; null when nobody reads.</param>
internal sealed class IlWriter(ILGenerator il, List<string>? text = null)
{
    private readonly Dictionary<Label, int> _labels = [];

    /// <summary>An instruction without operand.</summary>
    public void Emit(OpCode op)
    {
        il.Emit(op);
        text?.Add($"    {op.Name}");
    }

    /// <summary>Pushes an int32.</summary>
    public void Constant(int value)
    {
        il.Emit(OpCodes.Ldc_I4, value);
        text?.Add(string.Create(CultureInfo.InvariantCulture, $"    ldc.i4 {value}"));
    }

    /// <summary>Pushes an int64.</summary>
    public void Constant(long value)
    {
        il.Emit(OpCodes.Ldc_I8, value);
        text?.Add(string.Create(CultureInfo.InvariantCulture, $"    ldc.i8 0x{value:x}"));
    }

    /// <summary>Pushes a float32.</summary>
    public void Constant(float value)
    {
        il.Emit(OpCodes.Ldc_R4, value);
        text?.Add(string.Create(CultureInfo.InvariantCulture, $"    ldc.r4 {value:r}"));
    }

    /// <summary>Pushes a float64.</summary>
    public void Constant(double value)
    {
        il.Emit(OpCodes.Ldc_R8, value);
        text?.Add(string.Create(CultureInfo.InvariantCulture, $"    ldc.r8 {value:r}"));
    }

    /// <summary>Pushes a host address.</summary>
    public unsafe void Pointer(void* value)
    {
        Constant((long)value);
        Emit(OpCodes.Conv_U);
    }

    /// <summary>Pushes an argument.</summary>
    public void Argument(int index) => Emit(index switch
    {
        0 => OpCodes.Ldarg_0,
        1 => OpCodes.Ldarg_1,
        2 => OpCodes.Ldarg_2,
        3 => OpCodes.Ldarg_3,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    });

    /// <summary>An instruction that names a local.</summary>
    public void Emit(OpCode op, LocalBuilder local)
    {
        il.Emit(op, local);
        text?.Add($"    {op.Name} v{local.LocalIndex}");
    }

    /// <summary>An instruction that names a place in the code.</summary>
    public void Emit(OpCode op, Label label)
    {
        il.Emit(op, label);
        text?.Add($"    {op.Name} {NameOf(label)}");
    }

    /// <summary>Goes to the label whose number is on top of the stack; on when there is none.</summary>
    public void Switch(Label[] labels)
    {
        il.Emit(OpCodes.Switch, labels);
        text?.Add($"    switch {string.Join(", ", labels.Select(NameOf))}");
    }

    /// <summary>Calls a static method.</summary>
    public void Call(MethodInfo method)
    {
        il.Emit(OpCodes.Call, method);
        text?.Add($"    call {method.DeclaringType?.Name}.{method.Name}");
    }

    /// <summary>Leaves for the code whose address is on top of its arguments.</summary>
    public void TailCall(Type[] parameters)
    {
        il.Emit(OpCodes.Tailcall);
        il.EmitCalli(OpCodes.Calli, CallingConventions.Standard, typeof(void), parameters, null);
        il.Emit(OpCodes.Ret);
        text?.Add("    tail. calli");
        text?.Add("    ret");
    }

    /// <summary>A new local.</summary>
    public LocalBuilder Local(Type type) => il.DeclareLocal(type);

    /// <summary>A place in the code, marked later.</summary>
    public Label Label() => il.DefineLabel();

    /// <summary>The next instruction is at this place.</summary>
    public void Mark(Label label)
    {
        il.MarkLabel(label);
        text?.Add($"{NameOf(label)}:");
    }

    /// <summary>A line for readers only: what follows is the block's instruction with this index.</summary>
    public void Comment(int instruction) => text?.Add(string.Create(CultureInfo.InvariantCulture, $"// {instruction}"));

    private string NameOf(Label label)
    {
        if (!_labels.TryGetValue(label, out var number))
            _labels.Add(label, number = _labels.Count);
        return string.Create(CultureInfo.InvariantCulture, $"L{number}");
    }
}
