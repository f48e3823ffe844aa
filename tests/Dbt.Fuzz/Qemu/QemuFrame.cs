using System.Buffers.Binary;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Isa;

namespace Dbt.Fuzz.Qemu;

/// <summary>
/// Guest code that lets each program of a batch run in its slot: loads its registers, jumps to it, stores its registers, and goes on
/// with the next slot; then writes all slots to standard output and exits.
/// </summary>
internal sealed class QemuFrame
{
    private const int Base = Layout.BaseRegister;
    private const int Scratch = 5;
    private const int SysWrite = 64;
    private const int SysExit = 93;

    private readonly GuestIsa _isa;
    private readonly OperationCatalog _catalog;
    private readonly List<Instruction> _code = [];
    private readonly string _load;
    private readonly string _store;

    private QemuFrame(FuzzGuest guest)
    {
        _isa = guest.Isa;
        _catalog = guest.Generator.Catalog;
        (_load, _store) = _isa.WordBits == 64 ? ("ld", "sd") : ("lw", "sw");
    }

    /// <summary>The batch as a program for QEMU.</summary>
    public static byte[] Wrap(Batch batch)
    {
        var frame = new QemuFrame(batch.Guest);
        var leave = frame.Write(batch.Programs.Count);
        var code = (byte[])batch.Code.Clone();
        for (var i = 0; i < frame._code.Count; i++)
            frame.Encode(code, i * 4, frame._code[i]);
        foreach (var program in batch.Programs)
        {
            var jump = frame._catalog.Build("jal", ("immJ", (long)(Layout.Code - program.End) + leave * 4));
            frame.Encode(code, (int)(program.End - Layout.Code), jump);
        }
        return ElfWriter.Write(frame._isa.WordBits, Layout.Code, code, Layout.Data, batch.Data);
    }

    // Returns the index of the instruction that programs leave to.
    private int Write(int programs)
    {
        SetAddress(Base, Layout.Middle(0));
        var enter = _code.Count;
        // Fails, and with it goes what the last program may have reserved.
        Add("addi", ("rd", Scratch), ("rs1", Base), ("immI", Layout.Spare));
        Add("sc.w", ("rs1", Scratch));
        Add("lw", ("rd", Scratch), ("rs1", Base), ("immI", Layout.Fcsr));
        Add("csrrw", ("rs1", Scratch), ("csr", 3));
        for (var i = 0; i < 32; i++)
            Add("fld", ("fd", i), ("rs1", Base), ("immI", Layout.Floats + 8 * i));
        for (var i = 1; i < 32; i++)
            if (i != Base)
                Add(_load, ("rd", i), ("rs1", Base), ("immI", Layout.Integers + 8 * i));
        Add("jalr", ("rs1", Layout.EntryRegister));

        var leave = _code.Count;
        for (var i = 1; i < 32; i++)
            Add(_store, ("rs2", i), ("rs1", Base), ("immS", Layout.Integers + 8 * i));
        for (var i = 0; i < 32; i++)
            Add("fsd", ("fs2", i), ("rs1", Base), ("immS", Layout.Floats + 8 * i));
        Add("csrrs", ("rd", Scratch), ("csr", 3));
        Add("sw", ("rs2", Scratch), ("rs1", Base), ("immS", Layout.Fcsr));
        Add("addi", ("rd", Base), ("rs1", Base), ("immI", Layout.SlotSize / 2));
        Add("addi", ("rd", Base), ("rs1", Base), ("immI", Layout.SlotSize / 2));
        SetAddress(Scratch, Layout.Middle(programs));
        Add("bne", ("rs1", Base), ("rs2", Scratch), ("immB", (enter - _code.Count) * 4));

        SetAddress(10, 1);
        SetAddress(11, Layout.Data);
        SetAddress(12, (ulong)Layout.DataLength(programs));
        SetAddress(17, SysWrite);
        Add("ecall");
        SetAddress(10, 0);
        SetAddress(17, SysExit);
        Add("ecall");
        return leave;
    }

    private void SetAddress(int register, ulong value)
    {
        var upper = (long)value + 0x800 & ~0xFFFL;
        Add("lui", ("rd", register), ("immU", upper));
        Add("addi", ("rd", register), ("rs1", register), ("immI", (long)value - upper));
    }

    private void Add(string mnemonic, params ReadOnlySpan<(string Field, long Value)> operands) => _code.Add(_catalog.Build(mnemonic, operands));

    private void Encode(byte[] code, int at, in Instruction instruction)
    {
        if (!_isa.TryEncode(instruction, out var bits))
            throw new InvalidOperationException($"No encoding: {_isa.Disassemble(instruction, 0)}");
        BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(at), bits);
    }
}
