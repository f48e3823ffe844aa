using System.Globalization;
using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Semantics.Cases;

/// <summary>Runs cases on an engine. The instruction stands at <see cref="CodeStart"/>; wherever it goes on, a breakpoint stops it.</summary>
public static unsafe class SemanticRunner
{
    /// <summary>Guest address of the instruction.</summary>
    public const ulong CodeStart = 0x1000;

    /// <summary>Guest addresses from here to <see cref="DataEnd"/> are data, zero unless a case says otherwise; everything else is breakpoints.</summary>
    public const ulong DataStart = 0x2000;

    /// <summary>End of the data.</summary>
    public const ulong DataEnd = 0x4000;

    // Nothing behind it may be accessed.
    private const int MemorySize = 0x10000;

    /// <summary>What a case may take, the breakpoint included.</summary>
    public const long MostInstructions = 100;

    private const ushort Breakpoint = 0x9002;

    /// <summary>Runs a case on a new engine.</summary>
    /// <param name="semanticCase">The case.</param>
    /// <param name="createEngine">Makes the engine.</param>
    /// <param name="run">
    /// Runs the hart with these bytes as its memory and leaves them as they are then; null runs it in the array itself, around which
    /// nothing is inaccessible.
    /// </param>
    /// <exception cref="SemanticFailureException">Something is different than the case says.</exception>
    public static void Run(SemanticCase semanticCase, Func<GuestIsa, IEngine> createEngine, Func<IEngine, Hart, byte[], ExitReason>? run = null)
    {
        ArgumentNullException.ThrowIfNull(semanticCase);
        ArgumentNullException.ThrowIfNull(createEngine);
        var isa = SemanticTable.GuestOf(semanticCase);
        var bytes = new byte[MemorySize];
        FillMemory(bytes, Encode(semanticCase, isa));
        var extensions = isa.DefaultExtensions.With(semanticCase.FindOperation(isa).Info.ExtensionIndex);
        using var hart = new Hart(isa, extensions, new ByteCode(bytes));
        using var engine = createEngine(isa);
        hart.State->MemoryLimit = MemorySize;
        hart["pc"] = CodeStart;
        foreach (var value in semanticCase.Before)
            Set(hart, bytes, value);
        var expected = Expect(semanticCase, hart, bytes);
        var reason = (run ?? RunInPlace)(engine, hart, bytes);
        Compare(semanticCase, expected, Observe(hart, bytes, reason));
    }

    private static ExitReason RunInPlace(IEngine engine, Hart hart, byte[] bytes)
    {
        fixed (byte* memory = bytes)
        {
            hart.State->Memory = memory;
            return engine.Run(hart, MostInstructions);
        }
    }

    private static (uint Bits, int Length) Encode(SemanticCase semanticCase, GuestIsa isa)
    {
        var instruction = semanticCase.Build(isa);
        if (!isa.TryEncode(instruction, out var bits))
            throw new SemanticFailureException($"{semanticCase}: an operand does not fit.");
        return (bits, instruction.Length);
    }

    private static void FillMemory(byte[] bytes, (uint Bits, int Length) instruction)
    {
        for (var i = 0; i < bytes.Length; i += sizeof(ushort))
            BitConverter.TryWriteBytes(bytes.AsSpan(i), Breakpoint);
        bytes.AsSpan((int)DataStart..(int)DataEnd).Clear();
        BitConverter.GetBytes(instruction.Bits).AsSpan(0, instruction.Length).CopyTo(bytes.AsSpan((int)CodeStart));
    }

    private static Dictionary<string, ulong> Expect(SemanticCase semanticCase, Hart hart, byte[] bytes)
    {
        var length = (ulong)semanticCase.Build(hart.Isa).Length;
        var expected = Observe(hart, bytes, ExitReason.Breakpoint);
        expected["pc"] = CodeStart + length;
        foreach (var value in semanticCase.After)
        {
            if (value.Name == "exit")
            {
                expected["exit"] = (ulong)Enum.Parse<ExitReason>(value.Text);
                expected["pc"] = expected["exit"] == (ulong)ExitReason.Breakpoint ? expected["pc"] : CodeStart;
            }
            else if (value.Name.Contains('@'))
            {
                foreach (var (address, item) in BytesOf(value))
                    expected[$"@{address:x}"] = item;
            }
            else
            {
                expected[value.Name] = Trim(hart, value.Name, value.Bits);
            }
        }
        return expected;
    }

    private static Dictionary<string, ulong> Observe(Hart hart, byte[] bytes, ExitReason reason)
    {
        var state = new Dictionary<string, ulong>
        {
            ["exit"] = (ulong)reason,
            ["pc"] = hart["pc"],
            ["fflags"] = hart.State->FpFlags,
            ["frm"] = hart.State->FpRounding,
        };
        if (reason is ExitReason.MemoryFault or ExitReason.MisalignedAccess)
        {
            state["fault"] = hart.State->FaultAddress;
            state["access"] = (ulong)hart.State->FaultAccess;
        }
        foreach (var (file, info) in hart.Isa.RegisterFiles.Index())
            for (var i = 0; i < info.Count; i++)
                state[$"{info.Name}{i}"] = hart.GetRegister(file, i);
        for (var address = DataStart; address < DataEnd; address++)
            if (bytes[address] != 0)
                state[$"@{address:x}"] = bytes[address];
        return state;
    }

    private static void Compare(SemanticCase semanticCase, Dictionary<string, ulong> expected, Dictionary<string, ulong> actual)
    {
        var wrong = from name in expected.Keys.Union(actual.Keys)
                    let wanted = expected.GetValueOrDefault(name)
                    let found = actual.GetValueOrDefault(name)
                    where wanted != found
                    select $"{name} is {found:x} instead of {wanted:x}";
        if (wrong.Any())
            throw new SemanticFailureException($"{semanticCase}: {string.Join(", ", wrong)}");
    }

    private static void Set(Hart hart, byte[] bytes, StateValue value)
    {
        switch (value.Name)
        {
            case "fflags":
                hart.State->FpFlags = (uint)value.Bits;
                break;
            case "frm":
                hart.State->FpRounding = (uint)value.Bits;
                break;
            case "reserved":
                hart.State->ReservationAddress = value.Bits;
                break;
            case "seen":
                hart.State->ReservationValue = value.Bits;
                break;
            case var name when name.Contains('@'):
                foreach (var (address, item) in BytesOf(value))
                    bytes[address] = item;
                break;
            case var name:
                hart[name] = Trim(hart, name, value.Bits);
                break;
        }
    }

    private static ulong Trim(Hart hart, string name, ulong bits) =>
        hart.TryFindRegister(name, out var file, out _) && hart.Isa.RegisterFiles[file].Width == 32 ? (uint)bits : bits;

    private static IEnumerable<(ulong Address, byte Value)> BytesOf(StateValue value)
    {
        var parts = value.Name.Split('@');
        var address = ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var length = 1 << "bhwd".IndexOf(parts[0][0]);
        for (var i = 0; i < length; i++)
            yield return (address + (ulong)i, (byte)(value.Bits >> 8 * i));
    }

    private sealed class ByteCode(byte[] bytes) : IGuestCode
    {
        public int Fetch(ulong address, Span<byte> destination)
        {
            if (address >= (ulong)bytes.Length)
                return 0;
            var length = Math.Min(destination.Length, bytes.Length - (int)address);
            bytes.AsSpan((int)address, length).CopyTo(destination);
            return length;
        }
    }
}
