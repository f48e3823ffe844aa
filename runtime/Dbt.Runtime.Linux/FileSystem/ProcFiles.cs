using System.Text;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.FileSystem;

/// <summary>
/// Files of /proc whose contents must describe the guest rather than the host process. They are written into an unnamed
/// file when they are opened. Everything else in /proc is the host's.
/// </summary>
internal static unsafe class ProcFiles
{
    private static readonly ulong ProcDevice = DeviceOf(OpenFlags.CurrentDirectory, "/proc\0"u8);

    /// <summary>Opens such a file: its host descriptor, or a negative error. False when the path is not one of them.</summary>
    public static bool TryOpen(GuestThread thread, ReadOnlySpan<byte> path, out long host)
    {
        host = 0;
        var contents = Contents(thread, path);
        if (contents is null)
            return false;
        fixed (byte* name = "proc\0"u8)
            host = HostKernel.Call(SyscallNumber.memfd_create, (long)name, 1);
        if (host < 0)
            return true;
        fixed (byte* bytes = contents)
            _ = HostKernel.Call(SyscallNumber.pwrite64, host, (long)bytes, contents.Length);
        return true;
    }

    /// <summary>
    /// Whether a host descriptor is open on this process's memory as a file: /proc/self/mem, by whatever path. The guest
    /// would get at the runtime through it.
    /// </summary>
    public static bool IsMemoryOfRuntime(int host)
    {
        if (DeviceOf(host, "\0"u8) != ProcDevice)
            return false;
        var path = PathResolver.PathOf(host).AsSpan();
        return path.EndsWith("/mem"u8) && PathResolver.TryOwn(path, out _);
    }

    private static ulong DeviceOf(int directory, ReadOnlySpan<byte> path)
    {
        HostStatx status;
        fixed (byte* text = path)
            return HostKernel.Call(SyscallNumber.statx, directory, (long)text, OpenFlags.AtEmptyPath, 0, (long)&status) != 0
                ? ulong.MaxValue
                : (ulong)status.DeviceMajor << 32 | status.DeviceMinor;
    }

    private static byte[]? Contents(GuestThread thread, ReadOnlySpan<byte> path)
    {
        if (path.SequenceEqual("/proc/cpuinfo"u8))
            return Encoding.ASCII.GetBytes(thread.Process.Abi.CpuInformation(Environment.ProcessorCount, thread.Hart.Isa, thread.Hart.Extensions));
        if (!PathResolver.TryOwn(path, out var entry))
            return null;
        return entry switch
        {
            _ when entry.SequenceEqual("maps"u8) => Encoding.UTF8.GetBytes(Maps(thread.Process)),
            _ when entry.SequenceEqual("cmdline"u8) => thread.Process.CommandLine,
            _ when entry.SequenceEqual("environ"u8) => thread.Process.Environment,
            _ when entry.SequenceEqual("auxv"u8) => thread.Process.AuxiliaryVector,
            _ when entry.SequenceEqual("comm"u8) => [.. thread.Process.Name, (byte)'\n'],
            _ when entry.SequenceEqual("stat"u8) => Encoding.Latin1.GetBytes(Status(thread.Process)),
            _ => null,
        };
    }

    // As fs/proc/task_mmu.c prints it; device and inode are not known here.
    private static string Maps(GuestProcess process)
    {
        var text = new StringBuilder();
        foreach (var mapping in process.Memory.Mappings)
        {
            var line = text.Length;
            text.Append(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{mapping.Start:x8}-{mapping.End:x8} {Letter(mapping, MemoryProtection.Read, 'r')}{Letter(mapping, MemoryProtection.Write, 'w')}{Letter(mapping, MemoryProtection.Execute, 'x')}{(mapping.IsShared ? 's' : 'p')} {mapping.Offset:x8} 00:00 0");
            if (mapping.Name is { } name)
            {
                const int nameColumn = 73;
                text.Append(' ', Math.Max(1, nameColumn - (text.Length - line))).Append(Encoding.UTF8.GetString(process.Paths.GuestPath(Encoding.UTF8.GetBytes(name))));
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static char Letter(MemoryMapping mapping, MemoryProtection protection, char letter) =>
        mapping.Protection.HasFlag(protection) ? letter : '-';

    // The host's line with what is the guest's: its name (field 2) and where its stack starts (field 28), see proc(5).
    private static string Status(GuestProcess process)
    {
        var line = File.ReadAllText("/proc/self/stat", Encoding.Latin1);
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        const int startOfStack = 28 - 3;
        if (fields.Length > startOfStack)
            fields[startOfStack] = process.InitialStackPointer.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return $"{line[..line.IndexOf('(')]}({Encoding.Latin1.GetString(process.Name)}) {string.Join(' ', fields)}";
    }
}
