using System.Reflection;
using System.Runtime.InteropServices;
using Dbt.Translator.HostCode.X64;
using Iced.Intel;
using static Dbt.Translator.HostCode.X64.X64Register;

namespace Dbt.Translator.Tests.HostCode.X64;

/// <summary>Every public method that emits one instruction, with every kind and value of operands, decoded again.</summary>
public sealed unsafe class X64AssemblerTests : IDisposable
{
    private const int BufferBytes = 64;

    // Checked one by one in X64AssemblerControlTests: targets, labels, padding.
    private static readonly string[] s_byHand =
    [
        "Begin", "HasRoom", "Rewind", "RipRelative", "Bind", "Nop", "AlignForPatch", "JmpShort", "JccShort",
        "Jcc(Condition,*)", "Jcc(Condition,Label&)", "Jmp(*)", "Jmp(Label&)", "Call(*)",
        "Mov(Register,UInt64)",
    ];

    private static readonly int[] s_values =
        [0, 1, -1, 2, 127, 128, -128, -129, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, int.MinValue];

    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferBytes);
    private readonly X64Assembler _assembler = new();

    public void Dispose() => NativeMemory.Free(_buffer);

    public static TheoryData<string> Methods() => [.. Emitters().Select(m => m.Name).Distinct()];

    [Fact]
    public void Every_public_method_is_tested()
    {
        var missing = PublicMethods().Where(m => !Shape.Table.ContainsKey(m.Name) && !IsByHand(m)).Select(Signature);
        Assert.Empty(missing);
        Assert.Empty(Shape.Table.Keys.Except(PublicMethods().Select(m => m.Name)));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Decoded_again_it_is_the_same(string name)
    {
        var shape = Shape.Table[name];
        foreach (var method in Emitters().Where(m => m.Name == name))
        {
            var parameters = method.GetParameters();
            var selectors = Product([.. parameters.Where(p => IsSelector(p.ParameterType)).Select(p => Selections(p.ParameterType, shape))]);
            var isFirst = true;
            foreach (var selection in selectors)
            {
                foreach (var operands in OperandCases([.. parameters.Where(p => !IsSelector(p.ParameterType))], isFirst))
                    Check(method, shape, Arguments(parameters, selection, operands));
                isFirst = false;
            }
        }
    }

    private void Check(MethodInfo method, Shape shape, object[] arguments)
    {
        _assembler.Begin(_buffer, _buffer + BufferBytes);
        var call = arguments.Select(a => a switch
        {
            MemoryCase { IsRipRelative: true } memory => _assembler.RipRelative(_buffer + memory.Displacement),
            MemoryCase memory => memory.Operand,
            _ => a,
        }).ToArray();
        method.Invoke(_assembler, call);
        var bytes = new Span<byte>(_buffer, _assembler.Length).ToArray();
        var decoder = Decoder.Create(64, bytes, (ulong)_buffer);
        decoder.Decode(out var decoded);
        var problem = Difference(decoded, shape, arguments, bytes.Length);
        if (problem != null)
            Assert.Fail($"{Signature(method)} with {string.Join(", ", arguments)}: {problem} in {Convert.ToHexString(bytes)} = {decoded}");
    }

    private string? Difference(in Iced.Intel.Instruction decoded, Shape shape, object[] arguments, int length)
    {
        if (decoded.IsInvalid || decoded.Mnemonic != shape.MnemonicFor(arguments))
            return "mnemonic";
        if (decoded.Length != length)
            return "length";
        if (decoded.HasLockPrefix != shape.HasLock)
            return "lock";
        // Is there a shorter way to say the same? Nothing but unneeded prefixes could be saved.
        var encoder = Encoder.Create(64, new Discarding());
        if (encoder.Encode(decoded, decoded.IP) != length)
            return "not the shortest";
        var operand = 0;
        foreach (var argument in arguments.Where(a => !IsSelector(a.GetType())))
        {
            var bytes = shape.OperandBytes(operand, arguments);
            var difference = argument switch
            {
                X64Register register => decoded.GetOpKind(operand) == OpKind.Register
                    && decoded.GetOpRegister(operand) == Registers.General(register, bytes) ? null : "register",
                XmmRegister register => decoded.GetOpKind(operand) == OpKind.Register
                    && decoded.GetOpRegister(operand) == Registers.Vector(register) ? null : "vector register",
                MemoryCase memory => decoded.GetOpKind(operand) != OpKind.Memory ? "no memory"
                    : bytes != 0 && decoded.MemorySize.GetSize() != bytes ? "size of memory"
                    : memory.Difference(decoded, (ulong)_buffer),
                _ => IsSame(decoded.GetImmediate(operand), argument, bytes) ? null : "immediate",
            };
            if (difference != null)
                return $"{difference} of operand {operand}";
            operand++;
        }
        if (shape.Mnemonic == "{op}" && arguments.Any(a => a is X64Shift) && operand == 1)
            return decoded.GetOpRegister(operand) == Register.CL && decoded.OpCount == 2 ? null : "not by cl";
        return decoded.OpCount == operand ? null : "number of operands";
    }

    private static bool IsSame(ulong immediate, object argument, int bytes)
    {
        var expected = argument switch { int i => (ulong)i, uint u => u, byte b => b, var other => (ulong)other };
        return bytes == 8 ? immediate == expected : (immediate ^ expected) << 64 - 8 * bytes == 0;
    }

    // All registers against all; all memory operands for the first size or operation, a part of them for the others.
    private static IEnumerable<object[]> OperandCases(ParameterInfo[] parameters, bool isFirst)
    {
        var registers = parameters.Count(p => IsRegister(p.ParameterType));
        var values = parameters.Where(p => IsValue(p.ParameterType)).Select(Values).SingleOrDefault([0]).ToArray();
        var memories = parameters.Any(p => p.ParameterType == typeof(X64Memory)) ? MemoryCase.All : [null!];
        var step = isFirst || memories.Count == 1 ? 1 : 37;
        for (int m = 0, count = 0; m < memories.Count; m += step)
        {
            var combinations = registers == 0 ? 1 : memories.Count > 1 && m % 97 != 0 ? 1 : registers == 1 ? 16 : 256;
            for (var r = 0; r < combinations; r++, count++)
                for (var v = 0; v < values.Length; v++)
                {
                    if (memories.Count > 1 && m % 97 != 0 && v != count % values.Length)
                        continue;
                    // With one combination only, another one each time.
                    var number = combinations == 1 ? count : r;
                    int[] chosen = [number & 15, number >> 4 & 15, number * 7 + (number >> 4) & 15, number * 5 & 15];
                    var next = 0;
                    yield return [.. parameters.Select(p => p.ParameterType == typeof(X64Memory) ? memories[m]
                        : IsValue(p.ParameterType) ? values[v]
                        : Enum.ToObject(p.ParameterType, chosen[next++]))];
                }
        }
    }

    private static IEnumerable<object> Values(ParameterInfo parameter)
    {
        if (parameter.Name is "count" or "bit")
            return [0, 1, 2, 7, 31, 63];
        if (parameter.ParameterType == typeof(byte))
            return [(byte)0, (byte)1, (byte)17, (byte)255];
        return s_values.Select(value => parameter.ParameterType == typeof(uint) ? (uint)value
            : parameter.ParameterType == typeof(ulong) ? (ulong)value * 0x1_0000_0001 : (object)value);
    }

    private static object[] Arguments(ParameterInfo[] parameters, IReadOnlyList<object> selection, object[] operands)
    {
        int s = 0, o = 0;
        return [.. parameters.Select(p => IsSelector(p.ParameterType) ? selection[s++] : operands[o++])];
    }

    private static object[] Selections(Type type, Shape shape)
    {
        if (type == typeof(X64Size) && shape.Sizes != null)
            return [.. shape.Sizes];
        return [.. Enum.GetValues(type).Cast<object>().Where(o => !(shape.HasLock && o is X64Alu.Cmp))];
    }

    private static IEnumerable<IReadOnlyList<object>> Product(object[][] lists) =>
        lists.Aggregate((IEnumerable<IReadOnlyList<object>>)[[]], (heads, tails) => heads.SelectMany(h => tails.Select(t => (IReadOnlyList<object>)[.. h, t])));

    private static IEnumerable<MethodInfo> Emitters() => PublicMethods().Where(m => Shape.Table.ContainsKey(m.Name) && !IsByHand(m));

    private static IEnumerable<MethodInfo> PublicMethods() =>
        typeof(X64Assembler).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(m => !m.IsSpecialName);

    private static bool IsByHand(MethodInfo method) => s_byHand.Contains(method.Name) || s_byHand.Contains(Signature(method));

    private static string Signature(MethodInfo method) =>
        $"{method.Name}({string.Join(",", method.GetParameters().Select(p => p.ParameterType.Name.Replace("X64", "").Replace("Void", "")))})";

    private static bool IsSelector(Type type) => type.IsEnum && !IsRegister(type);

    private static bool IsRegister(Type type) => type == typeof(X64Register) || type == typeof(XmmRegister);

    private static bool IsValue(Type type) => type == typeof(int) || type == typeof(uint) || type == typeof(ulong) || type == typeof(byte);

    private sealed class Discarding : CodeWriter
    {
        public override void WriteByte(byte value)
        {
        }
    }

    [Fact]
    public void One_operand_imul_of_bytes_and_constants_of_every_length()
    {
        _assembler.Begin(_buffer, _buffer + BufferBytes);
        _assembler.Imul(X64Size.Byte, Rsi);
        Assert.Equal("40F6EE", Convert.ToHexString(new ReadOnlySpan<byte>(_buffer, _assembler.Length)));
        foreach (var (value, length) in (ReadOnlySpan<(ulong, int)>)[(0, 5), (uint.MaxValue, 5), (ulong.MaxValue, 7), (unchecked((ulong)int.MinValue), 7), (1UL << 32, 10), (1UL << 63, 10)])
        {
            _assembler.Rewind(0);
            _assembler.Mov(Rbp, value);
            Assert.Equal(length, _assembler.Length);
            var decoder = Decoder.Create(64, new ReadOnlySpan<byte>(_buffer, _assembler.Length).ToArray());
            decoder.Decode(out var decoded);
            Assert.Equal(Mnemonic.Mov, decoded.Mnemonic);
            Assert.Equal(value, decoded.GetImmediate(1));
            Assert.Equal(length == 5 ? Register.EBP : Register.RBP, decoded.Op0Register);
        }
    }
}
