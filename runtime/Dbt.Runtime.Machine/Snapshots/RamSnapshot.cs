using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>A piece of RAM: pages that are not all zeros, with their numbers.</summary>
internal sealed class RamSnapshot(PhysicalMemory memory, int index) : ISnapshotable
{
    /// <summary>Bytes of RAM in a piece.</summary>
    public const ulong Length = 64UL << 20;

    private const int PageSize = 4096;

    /// <inheritdoc/>
    public string SnapshotName => $"ram {index}";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    private ulong Start => (ulong)index * Length;

    private int Pages => (int)(Math.Min(Length, memory.RamLength - Start) / PageSize);

    /// <summary>All of RAM, in pieces.</summary>
    public static IEnumerable<ISnapshotable> Of(PhysicalMemory memory) =>
        Enumerable.Range(0, (int)((memory.RamLength + Length - 1) / Length)).Select(index => new RamSnapshot(memory, index));

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        for (var page = 0; page < Pages; page++)
        {
            if (!Page(page).ContainsAnyExcept((byte)0))
                continue;
            writer.Write((uint)page);
            writer.Write(Page(page));
        }
        writer.Write(uint.MaxValue);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        var next = 0;
        for (var page = reader.ReadUInt32(); page != uint.MaxValue; page = reader.ReadUInt32())
        {
            if (page < (uint)next || page >= (uint)Pages)
                throw SnapshotReader.Broken();
            Clear(next, (int)page);
            reader.Read(Page((int)page));
            next = (int)page + 1;
        }
        Clear(next, Pages);
        memory.NoteWritten(memory.RamStart + Start, (ulong)Pages * PageSize);
    }

    // Pages that were never touched stay so.
    private void Clear(int from, int to)
    {
        for (var page = from; page < to; page++)
        {
            if (Page(page).ContainsAnyExcept((byte)0))
                Page(page).Clear();
        }
    }

    private Span<byte> Page(int page) =>
        memory.TryGetSpan(memory.RamStart + Start + (ulong)page * PageSize, PageSize, out var span) ? span : throw SnapshotReader.Broken();
}
