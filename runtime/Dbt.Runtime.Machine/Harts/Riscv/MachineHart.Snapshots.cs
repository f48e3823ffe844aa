using Dbt.Isa.Riscv;
using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>What a snapshot has of a hart: its registers, and the words of system state under the names that the spec has for them.</summary>
internal sealed unsafe partial class MachineHart
{
    /// <summary>Writes the hart's state. It is not running.</summary>
    public void Save(SnapshotWriter writer)
    {
        var isa = Hart.Isa;
        writer.Write(State->Header.Pc);
        writer.Write((ulong)(State->Header.RetiredBase - State->Header.Budget));
        writer.Write([State->Header.FpFlags, State->Header.FpRounding, State->Header.CountIsRead]);
        writer.Write((uint)isa.RegisterFiles.Count);
        for (var file = 0; file < isa.RegisterFiles.Count; file++)
        {
            var info = isa.RegisterFiles[file];
            writer.Write(info.Name);
            writer.Write(new ReadOnlySpan<byte>((byte*)State + info.Offset, info.Count * info.Stride));
        }
        var words = RiscvState.SystemWords(State);
        writer.Write((uint)words.Length);
        for (var word = 0; word < words.Length; word++)
        {
            writer.Write(RiscvState.SystemNames[word]);
            writer.Write(words[word]);
        }
        writer.Write(HypercallTimer);
        writer.Write(Volatile.Read(ref _softwareInterrupt));
    }

    /// <summary>Takes it up again, in a hart that has not run. Words that were not written are as at reset.</summary>
    /// <exception cref="SnapshotException">It has what this hart has not.</exception>
    public void Load(SnapshotReader reader)
    {
        Reset();
        var isa = Hart.Isa;
        State->Header.Pc = reader.ReadUInt64();
        State->Header.RetiredBase = (long)reader.ReadUInt64();
        State->Header.Budget = 0;
        Span<uint> numbers = stackalloc uint[3];
        reader.Read(numbers);
        (State->Header.FpFlags, State->Header.FpRounding, State->Header.CountIsRead) = (numbers[0], numbers[1], numbers[2]);
        for (var left = reader.ReadUInt32(); left > 0; left--)
        {
            var name = reader.ReadText();
            var info = isa.RegisterFiles.FirstOrDefault(file => file.Name == name) ?? throw new SnapshotException($"the snapshot has registers '{name}', which this version does not have");
            reader.Read(new Span<byte>((byte*)State + info.Offset, info.Count * info.Stride));
        }
        var words = RiscvState.SystemWords(State);
        for (var left = reader.ReadUInt32(); left > 0; left--)
        {
            var name = reader.ReadText();
            var word = RiscvState.SystemNames.ToList().IndexOf(name);
            if (word < 0)
                throw new SnapshotException($"the snapshot has system state '{name}', which this version does not have");
            words[word] = reader.ReadUInt64();
        }
        if (State->Mhartid != (ulong)Id)
            throw SnapshotReader.Broken();
        HypercallTimer = reader.ReadUInt64();
        Volatile.Write(ref _softwareInterrupt, reader.ReadBoolean());
        Request(SystemAttention.StateChanged | SystemAttention.FenceAll | SystemAttention.Requested);
    }
}
