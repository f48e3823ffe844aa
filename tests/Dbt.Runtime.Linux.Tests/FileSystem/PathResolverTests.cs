using System.Text;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;

namespace Dbt.Runtime.Linux.Tests.FileSystem;

public sealed class PathResolverTests : IDisposable
{
    private readonly string _sysroot = Directory.CreateTempSubdirectory("dbt-sysroot-").FullName;
    private readonly Guest _guest;

    public PathResolverTests()
    {
        Directory.CreateDirectory(Path.Combine(_sysroot, "etc/alternatives"));
        Directory.CreateDirectory(Path.Combine(_sysroot, "bin"));
        File.WriteAllText(Path.Combine(_sysroot, "etc/hostname"), "sysroot");
        File.WriteAllText(Path.Combine(_sysroot, "bin/real"), "real");
        File.CreateSymbolicLink(Path.Combine(_sysroot, "etc/alternatives/tool"), "/bin/real");
        File.CreateSymbolicLink(Path.Combine(_sysroot, "bin/tool"), "/etc/alternatives/tool");
        File.CreateSymbolicLink(Path.Combine(_sysroot, "bin/escape"), "../../../../../etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_sysroot, "sbin"), "/bin");
        Directory.CreateDirectory(Path.Combine(_sysroot, "only-there"));
        File.WriteAllText(Path.Combine(_sysroot, "only-there/file"), "there");
        Directory.CreateSymbolicLink(Path.Combine(_sysroot, "link-there"), "/only-there");
        _guest = new Guest(_sysroot);
    }

    public void Dispose()
    {
        _guest.Dispose();
        Directory.Delete(_sysroot, recursive: true);
    }

    [Theory]
    [InlineData("/etc/hostname", "sysroot")]
    [InlineData("/bin/real", "real")]
    [InlineData("/bin/tool", "real")]
    [InlineData("/sbin/tool", "real")]
    [InlineData("/../../etc/hostname", "sysroot")]
    [InlineData("/bin/escape", "sysroot")]
    public void WhatIsInTheSysrootIsFound(string path, string contents) => Assert.Equal(contents, ReadFile(path));

    [Fact]
    public void WhatIsNotInTheSysrootIsTheHosts()
    {
        File.WriteAllText(_guest.At("file"), "host");
        Assert.Equal("host", ReadFile(_guest.At("file")));
        var created = _guest.Open(_guest.At("created"));
        Assert.Equal(0, _guest.Call(SyscallNumber.close, created));
        Assert.True(File.Exists(_guest.At("created")));
    }

    [Fact]
    public void ALinkThatIsNotFollowedIsTheLinkItself()
    {
        Assert.Equal("/etc/alternatives/tool", ReadLink("/bin/tool"));
        const int noFollow = 0x100, linkType = 0xa000, fileType = 0x8000, typeMask = 0xf000, modeOffset = 16;
        Assert.Equal(0, _guest.Call(SyscallNumber.newfstatat, Guest.CurrentDirectory, _guest.Text("/bin/tool"), Guest.Data, noFollow));
        Assert.Equal(linkType, _guest.Read<int>(Guest.Data + modeOffset) & typeMask);
        Assert.Equal(0, _guest.Call(SyscallNumber.newfstatat, Guest.CurrentDirectory, _guest.Text("/bin/tool"), Guest.Data));
        Assert.Equal(fileType, _guest.Read<int>(Guest.Data + modeOffset) & typeMask);
        Assert.Equal(-Errno.ELOOP, _guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, _guest.Text("/bin/tool"), OpenFlags.NoFollow));
    }

    [Fact]
    public void OwnEntriesOfProcAreTheGuests()
    {
        Assert.Equal(_guest.At("program"), ReadLink("/proc/self/exe"));
        var file = _guest.Open("/etc/hostname", 0);
        Assert.Equal("/etc/hostname", ReadLink($"/proc/self/fd/{file}"));
        Assert.Equal("/etc/hostname", ReadLink($"/proc/{Environment.ProcessId}/fd/{file}"));
        Assert.Equal("sysroot", ReadFile($"/proc/self/fd/{file}"));
        Assert.Equal("sysroot", ReadFile($"/dev/fd/{file}"));
        Assert.Equal("fake\n", ReadFile("/proc/self/comm"));
        Assert.Contains("00020000-00021000 rw-p 00000000 00:00 0\n", ReadFile("/proc/self/maps"), StringComparison.Ordinal);
        Assert.Contains($"{Environment.ProcessId} (fake) ", ReadFile("/proc/self/stat"), StringComparison.Ordinal);
        Assert.Contains("rv64imafdc_zba_zicond", ReadFile("/proc/cpuinfo"), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePathOfADirectoryInTheSysrootIsTheGuests()
    {
        var before = Directory.GetCurrentDirectory();
        try
        {
            Assert.Equal(0, _guest.Call(SyscallNumber.chdir, _guest.Text("/link-there")));
            Assert.Equal("/only-there\0".Length, _guest.Call(SyscallNumber.getcwd, Guest.Data, 100));
            Assert.Equal("/only-there", ReadString(Guest.Data));
            Assert.Equal("/only-there", ReadLink("/proc/self/cwd"));
            Assert.Equal(-Errno.ERANGE, _guest.Call(SyscallNumber.getcwd, Guest.Data, 4));
            Assert.Equal("there", ReadFile("file"));
            // There is an /etc on the host as well.
            Assert.Equal(0, _guest.Call(SyscallNumber.chdir, _guest.Text("/etc")));
            Assert.Equal("/etc", Directory.GetCurrentDirectory());
            Assert.Equal(-Errno.ENOENT, _guest.Call(SyscallNumber.chdir, _guest.Text("/neither")));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
        }
    }

    [Fact]
    public void TooLongAPathIsRefused()
    {
        const ulong page = 0x400000;
        _guest.Memory.Map(page, 3 * 4096, Dbt.Runtime.Memory.MemoryProtection.ReadWrite, Dbt.Runtime.Memory.MapFlags.Fixed, out _);
        Assert.True(_guest.Memory.TryWrite(page, Encoding.ASCII.GetBytes(new string('/', 5000))));
        Assert.Equal(-Errno.ENAMETOOLONG, _guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, page));
        Assert.Equal(-Errno.ENOENT, _guest.Call(SyscallNumber.openat, Guest.CurrentDirectory, _guest.Text("")));
    }

    [Fact]
    public void ASysrootMustExist()
    {
        var error = Assert.Throws<DirectoryNotFoundException>(() => new Guest("/no/such/sysroot"));
        Assert.Equal("/no/such/sysroot: No such file or directory", error.Message);
    }

    private string ReadFile(string path)
    {
        var file = _guest.Open(path, 0);
        var text = "";
        for (long length; (length = _guest.Call(SyscallNumber.read, file, Guest.Data, 512)) > 0;)
        {
            var bytes = new byte[length];
            Assert.True(_guest.Memory.TryRead(Guest.Data, bytes));
            text += Encoding.Latin1.GetString(bytes);
        }
        Assert.Equal(0, _guest.Call(SyscallNumber.close, file));
        return text;
    }

    private string ReadLink(string path)
    {
        var length = _guest.Call(SyscallNumber.readlinkat, Guest.CurrentDirectory, _guest.Text(path), Guest.Data, 256);
        Assert.True(length >= 0, Errno.Describe(-length));
        var bytes = new byte[length];
        Assert.True(_guest.Memory.TryRead(Guest.Data, bytes));
        return Encoding.UTF8.GetString(bytes);
    }

    private string ReadString(ulong address)
    {
        Assert.True(_guest.Memory.TryReadCString(address, 256, out var text));
        return Encoding.UTF8.GetString(text);
    }
}
