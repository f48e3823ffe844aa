using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Linux.Tests.Fakes;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Tests.Syscalls;

/// <summary>Every pointer that a call takes, replaced by a bad one while the others are good, is EFAULT.</summary>
public class PointerTests
{
    // P: a pointer to zeros; S: a path that exists; L: a symbolic link; N: a new path; V: a vector of one buffer; f: a file; d: a directory;
    // e: an epoll; at: AT_FDCWD; anything else is a number. P! must be writable too.
    private const string Calls = """
        read f P! 16
        write f P 16
        pread64 f P! 16 0
        pwrite64 f P 16 0
        readv f V 1
        writev f V 1
        preadv f V 1 0
        pwritev f V 1 0
        sendfile f f P! 1
        copy_file_range f P f P 1 0
        openat at S 0 0
        fstat f P!
        newfstatat at S P! 0
        statx at S 0 2047 P!
        statfs S P!
        fstatfs f P!
        readlinkat at L P! 64
        faccessat at S 0
        faccessat2 at S 0 0
        truncate S 0
        fchmodat at S 511
        fchownat at S -1 -1 0
        utimensat at S P 0
        getdents64 d P! 512
        getcwd P! 512
        chdir S
        mkdirat at N 511
        mknodat at N 33188 0
        unlinkat at N 0
        linkat at S at N 0
        renameat2 at S at S 0
        symlinkat S at N
        pipe2 P! 0
        memfd_create S 0
        fcntl f 5 P!
        ppoll P! 1 P! 0 8
        pselect6 1 P! P! P! P! 0
        epoll_ctl e 1 0 P
        clock_gettime 1 P!
        clock_getres 1 P!
        gettimeofday P! P!
        nanosleep P 0
        clock_nanosleep 1 0 P 0
        times P!
        getitimer 0 P!
        setitimer 0 P P!
        uname P!
        sysinfo P!
        getrusage 0 P!
        getcpu P! P!
        getresuid P! P! P!
        getresgid P! P! P!
        sched_getaffinity 0 128 P!
        sched_getparam 0 P!
        prctl 15 P
        prctl 16 P!
        prlimit64 0 7 0 P!
        prlimit64 0 7 P 0
        getrlimit 7 P!
        setrlimit 7 P
        get_robust_list 0 P! P!
        futex P 0 1 P
        getrandom P! 16 0
        rt_sigaction 10 P P! 8
        rt_sigprocmask 0 P P! 8
        rt_sigpending P! 8
        sigaltstack 0 P!
        sigaltstack P 0
        getxattr S S 0 0
        mincore 131072 4096 P!
        """;

    public static TheoryData<string> Rows => [.. Calls.Split('\n', StringSplitOptions.TrimEntries)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void ABadPointerIsEfault(string row)
    {
        var words = row.Split(' ');
        var number = Enum.Parse<SyscallNumber>(words[0]);
        var pointers = Enumerable.Range(1, words.Length - 1).Where(i => words[i] is "P" or "P!" or "S" or "L" or "N" or "V").ToArray();
        Assert.NotEmpty(pointers);
        foreach (var bad in pointers)
        {
            var addresses = new List<ulong> { Guest.Unmapped, Guest.WindowSize, Guest.WindowSize + 4096, ulong.MaxValue - 7, 1UL << 63, 1UL << 47 };
            if (words[bad] == "P!")
                addresses.Add(Guest.ReadOnly);
            foreach (var address in addresses)
            {
                using var guest = new Guest();
                var arguments = new ulong[6];
                for (var i = 1; i < words.Length; i++)
                    arguments[i - 1] = i == bad ? address : Argument(guest, words[i]);
                var result = guest.Call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
                Assert.True(result == -Errno.EFAULT, $"{row}: argument {bad} = 0x{address:x}: {result}");
            }
        }
    }

    [Fact]
    public void AVectorWithABadBufferIsEfault()
    {
        using var guest = new Guest();
        var file = guest.Open(guest.At("file"));
        Assert.Equal(-Errno.EFAULT, guest.Call(SyscallNumber.writev, file, guest.Words(Guest.Data, 1, Guest.WindowSize, 1), 2));
        Assert.Equal(-Errno.EFAULT, guest.Call(SyscallNumber.writev, file, guest.Words(Guest.Unmapped, 1), 1));
        // As on Linux: what could be written before the bad buffer was.
        Assert.Equal(1, guest.Call(SyscallNumber.writev, file, guest.Words(Guest.Data, 1, Guest.Unmapped, 1), 2));
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(Guest.WindowSize)]
    public void AHostileLengthIsRefused(ulong length)
    {
        using var guest = new Guest();
        var file = guest.Open(guest.At("file"));
        foreach (var call in (SyscallNumber[])[SyscallNumber.read, SyscallNumber.write, SyscallNumber.pread64, SyscallNumber.pwrite64])
            Assert.Equal(-Errno.EFAULT, guest.Call(call, file, Guest.Data, length));
        Assert.Equal(-Errno.EFAULT, guest.Call(SyscallNumber.getrandom, Guest.Data, length));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.readv, file, Guest.Data, length));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.ppoll, Guest.Data, length));
        Assert.True(guest.Call(SyscallNumber.writev, file, guest.Words(Guest.Data, length), 1) is -Errno.EINVAL or -Errno.EFAULT);
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.munmap, 0x10000, length));
        Assert.Equal(-Errno.ENOMEM, guest.Call(SyscallNumber.mmap, 0, length, 3, 0x22));
        Assert.Equal(-Errno.EINVAL, guest.Call(SyscallNumber.readv, file, Guest.Data, 1025));
    }

    [Fact]
    public void RandomArgumentsNeverThrow()
    {
        // Calls that could wait for ever, hurt this machine or end the test's process are left out.
        SyscallNumber[] left =
        [
            SyscallNumber.ppoll, SyscallNumber.pselect6, SyscallNumber.epoll_pwait, SyscallNumber.futex, SyscallNumber.nanosleep,
            SyscallNumber.clock_nanosleep, SyscallNumber.kill, SyscallNumber.setsid, SyscallNumber.sync, SyscallNumber.setpgid,
            SyscallNumber.setuid, SyscallNumber.setgid, SyscallNumber.setreuid, SyscallNumber.setregid, SyscallNumber.setresuid, SyscallNumber.setresgid,
            SyscallNumber.setfsuid, SyscallNumber.setfsgid, SyscallNumber.setgroups, SyscallNumber.setpriority, SyscallNumber.ioprio_set,
            SyscallNumber.sched_setaffinity, SyscallNumber.prctl, SyscallNumber.umask, SyscallNumber.membarrier,
        ];
        ulong[] values =
        [
            0, 1, 2, 3, 7, 8, 64, 4095, 4096, Guest.Data, Guest.Data + 1, Guest.Data + 4090, Guest.ReadOnly, Guest.Unmapped, Guest.WindowSize,
            Guest.WindowSize - 1, 0x7fffffff, 0x80000000, 0xffffffff, 1UL << 47, long.MaxValue, 1UL << 63, ulong.MaxValue, ulong.MaxValue - 99, ulong.MaxValue - 4095,
        ];
        var random = new Random(1);
        using var guest = new Guest();
        _ = guest.Open(guest.At("file"));
        for (var number = 0; number < 460; number++)
        {
            if (left.Contains((SyscallNumber)number))
                continue;
            for (var i = 0; i < 60; i++)
            {
                ulong Pick() => values[random.Next(values.Length)];
                var result = guest.Call((SyscallNumber)number, Pick(), Pick(), Pick(), Pick(), Pick(), Pick());
                Assert.True(result is >= 0 or > -4096, $"{(SyscallNumber)number} returned {result}");
            }
        }
    }

    private static ulong Argument(Guest guest, string word)
    {
        switch (word)
        {
            case "P" or "P!":
                return guest.Bytes(new byte[160]);
            case "S":
                return guest.Text(guest.Directory);
            case "N":
                return guest.Text(guest.At("new"));
            case "L":
                File.CreateSymbolicLink(guest.At("link"), "target");
                return guest.Text(guest.At("link"));
            case "V":
                return guest.Words(Guest.Data, 16);
            case "f":
                File.WriteAllText(guest.At("file"), new string('x', 100));
                return guest.Open(guest.At("file"));
            case "d":
                return guest.Open(guest.Directory, OpenFlags.Directory);
            case "e":
                // An epoll needs a file to watch that can be watched: the pipe becomes 0 and 1.
                Assert.Equal(0, guest.Call(SyscallNumber.pipe2, guest.Bytes(new byte[8])));
                return (ulong)guest.Call(SyscallNumber.epoll_create1);
            case "at":
                return Guest.CurrentDirectory;
            default:
                return (ulong)long.Parse(word, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Buffers_that_another_thread_unmaps_meanwhile_are_EFAULT_or_read()
    {
        using var guest = new Guest();
        const ulong buffer = 0x200_0000, length = 4 * GuestMemory.PageSize;
        var zeros = guest.Open("/dev/zero");
        var done = 0;
        var mapper = new Thread(() =>
        {
            while (Volatile.Read(ref done) == 0)
            {
                guest.Memory.Map(buffer, length, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
                guest.Memory.Unmap(buffer, length);
            }
        });
        mapper.Start();
        var results = new HashSet<long>();
        // Until either has been seen, however the host shares its time.
        for (var i = 0; i < 5000 || results.Count < 2; i++)
        {
            // Linux reports what it read in front of the page that is missing.
            var result = guest.Call(SyscallNumber.read, zeros, buffer, length);
            Assert.True(result is -Errno.EFAULT or >= 0, $"{result}");
            results.Add(Math.Sign(result));
            Assert.True(guest.Call(SyscallNumber.getcwd, buffer + 8, 4096) is -Errno.EFAULT or > 0);
            _ = guest.Memory.TryReadCString(buffer, 100, out _);
        }
        Volatile.Write(ref done, 1);
        mapper.Join();
    }
}
