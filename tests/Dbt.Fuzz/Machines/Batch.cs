using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Machines;

/// <summary>Programs in memory side by side: their code, each with an end mark behind it, and their slots.</summary>
internal sealed class Batch
{
    // What starts programs under QEMU and takes their results lies before them.
    private const int FrameLength = 0x800;

    private Batch(FuzzGuest guest, IReadOnlyList<AssembledProgram> programs, byte[] code, byte[] data)
    {
        Guest = guest;
        Programs = programs;
        Code = code;
        Data = data;
    }

    public FuzzGuest Guest { get; }

    public IReadOnlyList<AssembledProgram> Programs { get; }

    /// <summary>From <see cref="Layout.Code"/> on; the first part is free for a frame, the end marks are breakpoints.</summary>
    public byte[] Code { get; }

    /// <summary>From <see cref="Layout.Data"/> on: the slots, as programs find them.</summary>
    public byte[] Data { get; }

    public static Batch Create(FuzzGuest guest, IReadOnlyList<GuestProgram> programs)
    {
        var catalog = guest.Generator.Catalog;
        if (!guest.Isa.TryEncode(catalog.Build("ebreak"), out var mark))
            throw new InvalidOperationException("ebreak has no encoding.");
        var code = new MemoryStream();
        code.SetLength(FrameLength);
        code.Position = FrameLength;
        var assembled = new List<AssembledProgram>();
        foreach (var program in programs)
        {
            var placed = Assembler.Assemble(guest.Isa, program, Layout.Code + (ulong)code.Position);
            assembled.Add(placed);
            code.Write(placed.Code);
            code.Write(BitConverter.GetBytes(mark));
        }
        var data = new byte[Layout.DataLength(programs.Count)];
        for (var i = 0; i < programs.Count; i++)
            WriteSlot(data.AsSpan(Layout.Slot(i), Layout.SlotSize), programs[i].Start, Layout.Middle(i), assembled[i].Address);
        return new Batch(guest, assembled, code.ToArray(), data);
    }

    private static void WriteSlot(Span<byte> slot, StartState start, ulong middle, ulong entry)
    {
        start.Memory.CopyTo(slot);
        var images = slot[Layout.Reach..];
        for (var i = 0; i < 32; i++)
        {
            var value = i switch
            {
                Layout.BaseRegister => middle,
                Layout.EntryRegister => entry,
                _ => start.Integers[i],
            };
            BitConverter.TryWriteBytes(images[(Layout.Integers + i * 8)..], value);
            BitConverter.TryWriteBytes(images[(Layout.Floats + i * 8)..], start.Floats[i]);
        }
        BitConverter.TryWriteBytes(images[Layout.Fcsr..], start.Fcsr);
    }
}
