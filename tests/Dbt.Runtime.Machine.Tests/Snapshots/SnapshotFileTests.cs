using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Tests.Snapshots;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("dbt-snapshot-").FullName;

    private string Path => System.IO.Path.Combine(_directory, "snapshot");

    [Fact]
    public void What_was_written_is_read()
    {
        Save(new Part("a") { Value = 1 }, new Part("b") { Value = ulong.MaxValue });
        var (a, b) = (new Part("a"), new Part("b"));
        SnapshotFile.Load(Path, "virt-1", [b, a]);
        Assert.Equal((1ul, ulong.MaxValue), (a.Value, b.Value));
        Assert.Equal([Path], Directory.GetFiles(_directory));
    }

    [Fact]
    public void What_is_cut_off_or_damaged_anywhere_is_refused_and_nothing_is_taken_up()
    {
        Save(new Part("a") { Value = 1 });
        var bytes = File.ReadAllBytes(Path);
        for (var i = 0; i < bytes.Length; i++)
        {
            Refuses(bytes[..i], "");
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x10;
            Refuses(damaged, "");
        }
        Refuses([.. bytes, 0], "damaged");
    }

    [Fact]
    public void What_is_newer_is_refused_by_name()
    {
        Save(new Part("a", version: 2));
        Refuses(File.ReadAllBytes(Path), "'a' was written by a newer version");
        var bytes = File.ReadAllBytes(Path);
        bytes[8] = 2;
        Refuses(bytes, "format 2");
    }

    [Fact]
    public void What_is_of_another_machine_is_refused()
    {
        Save(new Part("a"), new Part("b"));
        Refuses(File.ReadAllBytes(Path), "a part 'b', which this machine does not have");
        Save();
        Refuses(File.ReadAllBytes(Path), "no part 'a'");
        SnapshotFile.Save(Path, "virt-2", [new Part("a")]);
        Refuses(File.ReadAllBytes(Path), "of a machine 'virt-2', not 'virt-1'");
    }

    [Fact]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        Save(new Part("a") { Value = 7 });
        Assert.Throws<InvalidOperationException>(() => Save(new Part("a") { Fails = true }));
        Assert.Throws<SnapshotException>(() => SnapshotFile.Save(System.IO.Path.Combine(_directory, "no", "where"), "virt-1", []));
        var part = new Part("a");
        SnapshotFile.Load(Path, "virt-1", [part]);
        Assert.Equal(7ul, part.Value);
        Assert.Equal([Path], Directory.GetFiles(_directory));
    }

    [Fact]
    public void A_missing_one_is_said_to_be() =>
        Assert.Contains("cannot be read", Assert.Throws<SnapshotException>(() => SnapshotFile.Load(Path, "virt-1", [])).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private void Save(params Part[] parts) => SnapshotFile.Save(Path, "virt-1", parts);

    private void Refuses(byte[] bytes, string reason)
    {
        var path = Path + "-refused";
        File.WriteAllBytes(path, bytes);
        var part = new Part("a") { Value = 99 };
        Assert.Contains(reason, Assert.Throws<SnapshotException>(() => SnapshotFile.Load(path, "virt-1", [part])).Message, StringComparison.Ordinal);
        Assert.Equal(99ul, part.Value);
        File.Delete(path);
    }

    private sealed class Part(string name, int version = 1) : ISnapshotable
    {
        public string SnapshotName => name;

        public int SnapshotVersion => version;

        public ulong Value { get; set; }

        public bool Fails { get; init; }

        public void Save(SnapshotWriter writer)
        {
            writer.Write(Value);
            if (Fails)
                throw new InvalidOperationException();
        }

        public void Load(SnapshotReader reader, int version) => Value = reader.ReadUInt64();
    }
}
