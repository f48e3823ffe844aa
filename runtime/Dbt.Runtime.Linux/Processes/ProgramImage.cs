using System.Text;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Memory;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>A program and its interpreter, loaded.</summary>
internal sealed class ProgramImage
{
    private ProgramImage(string path, PathResolver paths, LoadedImage program, ulong stackEnd)
    {
        Path = path;
        Paths = paths;
        Program = program;
        StackEnd = stackEnd;
    }

    /// <summary>The program's full path on the host.</summary>
    public string Path { get; }

    /// <summary>Finds files by the guest's paths.</summary>
    public PathResolver Paths { get; }

    /// <summary>Where the program is.</summary>
    public LoadedImage Program { get; }

    /// <summary>Where its interpreter is; null for a program without one.</summary>
    public LoadedImage? Interpreter { get; private set; }

    /// <summary>First address behind the stack, which is not mapped yet.</summary>
    public ulong StackEnd { get; }

    /// <summary>What is loaded.</summary>
    public List<LoadedFile> Images { get; } = [];

    /// <summary>Loads the program that the options name. Mappings made later are placed below the stack.</summary>
    /// <exception cref="LinuxStartException">It cannot be started.</exception>
    public static ProgramImage Load(LinuxProcessOptions options, GuestMemory memory, FileTable files)
    {
        var path = System.IO.Path.GetFullPath(new PathResolver(files, options.Sysroot, "").HostPath(options.Program));
        var paths = new PathResolver(files, options.Sysroot, path);
        var stackEnd = Math.Min(options.Abi.AddressSpaceEnd, memory.Size) - GuestMemory.PageSize;
        // Room for the stack and its guard, and some more between it and everything else, as Linux leaves it.
        memory.SearchTop = stackEnd - 2 * LinuxProcessOptions.StackSize;
        using var file = Open(path, options.Program);
        var elf = Parse(file, options, path);
        // Where Linux puts a program that runs anywhere: two thirds up.
        var program = Map(elf, memory, memory.SearchTop / 3 * 2 & ~(GuestMemory.PageSize - 1), path);
        var image = new ProgramImage(path, paths, program, stackEnd);
        image.Images.Add(new LoadedFile(path, program.Start, program.End, program.Bias));
        if (program.InterpreterPath is { } interpreter)
            image.LoadInterpreter(options, memory, interpreter);
        return image;
    }

    private void LoadInterpreter(LinuxProcessOptions options, GuestMemory memory, string interpreter)
    {
        var path = Paths.HostPath(interpreter);
        if (!File.Exists(path))
            throw new LinuxStartException(
                $"{options.Program}: its interpreter {interpreter} is neither in the sysroot nor on this machine (-L DIR names a sysroot)", LinuxStartException.NotFound);
        using var file = Open(path, path);
        Interpreter = Map(Parse(file, options, path), memory, 0, path);
        Images.Add(new LoadedFile(path, Interpreter.Start, Interpreter.End, Interpreter.Bias));
    }

    private static SafeFileHandle Open(string path, string name)
    {
        // Not by File: what it does beyond takes longer than all of loading.
        var text = PathResolver.Terminated(Encoding.UTF8.GetBytes(path));
        var directory = HostKernel.Open(OpenFlags.CurrentDirectory, text, OpenFlags.PathOnly | OpenFlags.Directory);
        if (directory >= 0)
        {
            _ = HostKernel.Close((int)directory);
            throw new LinuxStartException($"{name}: is a directory", LinuxStartException.NotExecutable);
        }
        var file = HostKernel.Open(OpenFlags.CurrentDirectory, text, 0);
        if (file is -Errno.ENOENT or -Errno.ENOTDIR)
            throw new LinuxStartException($"{name}: not found", LinuxStartException.NotFound);
        if (file < 0)
            throw new LinuxStartException($"{name}: {Errno.Text((int)-file)}", LinuxStartException.NotExecutable);
        return new SafeFileHandle((nint)file, ownsHandle: true);
    }

    private static ElfFile Parse(SafeFileHandle file, LinuxProcessOptions options, string path)
    {
        try
        {
            return ElfFile.Parse(file, options.Abi.ElfMachine);
        }
        catch (ElfException e)
        {
            throw new LinuxStartException($"{path}: {e.Message}", LinuxStartException.NotExecutable);
        }
    }

    private static LoadedImage Map(ElfFile elf, GuestMemory memory, ulong preferred, string path)
    {
        try
        {
            return ElfLoader.Load(elf, memory, preferred, path);
        }
        catch (ElfException e)
        {
            throw new LinuxStartException($"{path}: {e.Message}", LinuxStartException.NotExecutable);
        }
    }
}
