using Dbt.Embedding.Guests.Riscv;
using Dbt.Isa;
using Dbt.Runtime.Elf;

namespace Dbt.Embedding.Guests;

/// <summary>What calls from and to a guest need to know of its instruction set: which registers have which part in its calling convention.</summary>
internal sealed class GuestArchitecture
{
    private readonly Dictionary<string, (int File, int Index)> _registers = [];

    public GuestArchitecture(GuestIsa isa, ElfMachine machine, IReadOnlyList<string> arguments, string returnAddress, string stackPointer, string callNumber, string? globalPointer)
    {
        Isa = isa;
        Machine = machine;
        for (var file = 0; file < isa.RegisterFiles.Count; file++)
        {
            var info = isa.RegisterFiles[file];
            for (var index = 0; index < info.Count; index++)
            {
                _registers[$"{info.Name}{index}"] = (file, index);
                if (index < info.Names.Count)
                    _registers[info.Names[index]] = (file, index);
            }
        }
        Arguments = [.. arguments.Select(OffsetOf)];
        ReturnAddress = OffsetOf(returnAddress);
        StackPointer = OffsetOf(stackPointer);
        CallNumber = OffsetOf(callNumber);
        GlobalPointer = globalPointer is null ? -1 : OffsetOf(globalPointer);
    }

    /// <summary>Every guest, the default first.</summary>
    public static IReadOnlyList<GuestArchitecture> All { get; } = [RiscvArchitecture.Create()];

    public GuestIsa Isa { get; }

    public string Name => Isa.Name;

    /// <summary>What its programs are marked with.</summary>
    public ElfMachine Machine { get; }

    /// <summary>Where the arguments of functions and environment calls are, as offsets in a hart's state. The first is the result, too.</summary>
    public int[] Arguments { get; }

    public int ReturnAddress { get; }

    public int StackPointer { get; }

    /// <summary>What an environment call is told apart by.</summary>
    public int CallNumber { get; }

    /// <summary>Where small data is, which programs expect to be set by who starts them; -1 when there is no such thing.</summary>
    public int GlobalPointer { get; }

    /// <summary>What the linker calls that place.</summary>
    public string GlobalPointerSymbol { get; init; } = "";

    /// <summary>Bytes of the instruction that makes an environment call.</summary>
    public required int CallLength { get; init; }

    /// <summary>What stack pointers are multiples of at a call.</summary>
    public required ulong StackAlignment { get; init; }

    /// <summary>A register by its ABI name, or by file and number.</summary>
    public bool TryFindRegister(string name, out int file, out int index)
    {
        var found = _registers.TryGetValue(name, out var place);
        (file, index) = place;
        return found;
    }

    private int OffsetOf(string name)
    {
        var (file, index) = _registers[name];
        return Isa.RegisterFiles[file].Offset + index * Isa.RegisterFiles[file].Stride;
    }
}
