using System.Text;
using Dbt.Runtime.Linux.Abi.Riscv;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Memory;
using Dbt.Translator;

namespace Dbt.Runtime.Linux.Tests.Fakes;

/// <summary>
/// A guest process without a program, whose system calls are made by hand. Its memory has one writable page at
/// <see cref="Data"/> and a read-only one behind it; it has a temporary directory and no open files.
/// </summary>
internal sealed class Guest : IDisposable
{
    public const ulong Data = 0x20000, ReadOnly = Data + GuestMemory.PageSize, Unmapped = 0x800000, WindowSize = 0x4000000;
    public const ulong CurrentDirectory = unchecked((ulong)-100);

    private ulong _next = Data + 2048;

    public Guest(string? sysroot = null)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("dbt-test-").FullName;
        Memory = new GuestMemory(WindowSize);
        File.WriteAllText(At("program"), "");
        File.CreateSymbolicLink(At("link-to-program"), "program");
        Assert.Equal(MemoryError.None, Memory.Map(Data, GuestMemory.PageSize, MemoryProtection.ReadWrite, MapFlags.Fixed, out _));
        Assert.Equal(MemoryError.None, Memory.Map(ReadOnly, GuestMemory.PageSize, MemoryProtection.Read, MapFlags.Fixed, out _));
        Hart = new Hart(new FakeIsa(), new FakeIsa().DefaultExtensions, Memory);
        var files = new FileTable();
        Process = new GuestProcess
        {
            Memory = Memory,
            Abi = new Riscv64Abi(),
            Files = files,
            Paths = new PathResolver(files, sysroot, At("link-to-program")),
            FlushCode = () => Flushes++,
            Break = new ProgramBreak(0x100000),
            Name = "fake"u8.ToArray(),
        };
        Thread = new GuestThread(Process, Hart);
    }

    public string Directory { get; }

    public GuestMemory Memory { get; }

    public Hart Hart { get; }

    public GuestProcess Process { get; }

    public GuestThread Thread { get; }

    public int Flushes { get; private set; }

    /// <summary>Makes a call as the guest would.</summary>
    public long Call(SyscallNumber number, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0) =>
        SyscallDispatcher.Dispatch(Thread, (int)number, new SyscallArguments(a, b, c, d, e, f));

    /// <summary>Puts a text into the guest's memory.</summary>
    public ulong Text(string text) => Bytes([.. Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>Puts bytes into the guest's memory, at a multiple of 8.</summary>
    public ulong Bytes(params byte[] bytes)
    {
        var address = _next;
        _next = _next + (ulong)bytes.Length + 7 & ~7UL;
        Assert.True(_next <= ReadOnly, "the test's data page is full");
        Assert.True(Memory.TryWrite(address, bytes));
        return address;
    }

    /// <summary>Puts 64-bit words into the guest's memory.</summary>
    public ulong Words(params ulong[] words) => Bytes([.. words.SelectMany(BitConverter.GetBytes)]);

    /// <summary>Reads a value out of the guest's memory.</summary>
    public T Read<T>(ulong address)
        where T : unmanaged
    {
        Assert.True(Memory.TryRead(address, out T value));
        return value;
    }

    /// <summary>Opens a file of the host for the guest.</summary>
    public ulong Open(string path, int flags = OpenFlags.ReadWrite | OpenFlags.Create)
    {
        var file = Call(SyscallNumber.openat, CurrentDirectory, Text(path), (ulong)flags, 0x1b6);
        Assert.True(file >= 0, $"{path}: {Errno.Describe(-file)}");
        return (ulong)file;
    }

    /// <summary>A path in the temporary directory.</summary>
    public string At(string name) => Path.Combine(Directory, name);

    public void Dispose()
    {
        foreach (var file in Process.Files.Open())
            _ = Process.Files.Close(file);
        Hart.Dispose();
        Memory.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
