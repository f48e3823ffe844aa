using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>
/// The STA extension (RISC-V SBI Specification 2.0, chapter 16) of one hart: how long its thread could have run, and the host let others run
/// instead. Used by the hart's thread only.
/// </summary>
internal sealed class StealTime(PhysicalMemory memory) : IDisposable
{
    private const ulong Length = 64, Off = ulong.MaxValue;
    private const int StealOffset = 8;

    private ulong _place = Off;
    private uint _sequence;
    private FileStream? _schedule;

    /// <summary>Answers the call that says where it is written, or that it is not.</summary>
    public SbiError Place(ulong low, ulong high, ulong flags)
    {
        if (flags != 0)
            return SbiError.InvalidParameter;
        if (low == Off && high == Off)
        {
            _place = Off;
            return SbiError.Success;
        }
        if (low % Length != 0)
            return SbiError.InvalidParameter;
        if (high != 0 || !memory.TryGetSpan(low, (int)Length, out var bytes))
            return SbiError.InvalidAddress;
        bytes.Clear();
        memory.NoteWritten(low, Length);
        (_place, _sequence) = (low, 0);
        Update();
        return SbiError.Success;
    }

    /// <summary>Writes what it is now, where the guest wants it: an odd sequence number while that is not complete.</summary>
    public void Update()
    {
        if (_place == Off || !memory.TryGetSpan(_place, (int)Length, out var bytes))
            return;
        var sequence = MemoryMarshal.Cast<byte, uint>(bytes);
        Volatile.Write(ref sequence[0], ++_sequence);
        Volatile.Write(ref MemoryMarshal.Cast<byte, ulong>(bytes[StealOffset..])[0], HostNanoseconds());
        Volatile.Write(ref sequence[0], ++_sequence);
        memory.NoteWritten(_place, Length);
    }

    /// <summary>Writes its state.</summary>
    public void Save(SnapshotWriter writer) => writer.Write([_place, _sequence]);

    /// <summary>Takes it up again. What was stolen counts from this process's beginning then.</summary>
    public void Load(SnapshotReader reader)
    {
        Span<ulong> numbers = stackalloc ulong[2];
        reader.Read(numbers);
        (_place, _sequence) = (numbers[0], (uint)numbers[1]);
    }

    public void Dispose() => _schedule?.Dispose();

    // Linux, Documentation/scheduler/sched-stats.rst: time on a processor, time waiting for one, number of times. 0 where the host does not say.
    private ulong HostNanoseconds()
    {
        Span<byte> text = stackalloc byte[96];
        try
        {
            _schedule ??= new FileStream("/proc/thread-self/schedstat", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            text = text[..RandomAccess.Read(_schedule.SafeFileHandle, text, 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
        var fields = Encoding.ASCII.GetString(text).Split(' ');
        return fields.Length > 1 && ulong.TryParse(fields[1], CultureInfo.InvariantCulture, out var waited) ? waited : 0;
    }
}
