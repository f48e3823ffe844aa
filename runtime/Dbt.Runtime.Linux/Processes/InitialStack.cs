using System.Buffers.Binary;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// The stack that a program finds when it starts, from the stack pointer up: argc, argv, a null, the environment, a null, the
/// auxiliary vector, then what they point to (Linux's create_elf_tables in fs/binfmt_elf.c).
/// </summary>
internal sealed class InitialStack
{
    // Linux's limit is a quarter of the stack.
    private const ulong MaximumStrings = LinuxProcessOptions.StackSize / 4;

    private readonly GuestMemory _memory;
    private ulong _top;

    private InitialStack(GuestMemory memory, ulong top)
    {
        _memory = memory;
        _top = top;
    }

    /// <summary>Maps the stack below an address, with a guard below that, and fills it.</summary>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="end">First address behind the stack.</param>
    /// <param name="arguments">argv.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="program">The program in memory.</param>
    /// <param name="interpreterBias">Load address of its interpreter; 0 without one.</param>
    /// <param name="hardwareCapabilities">AT_HWCAP.</param>
    /// <param name="path">The program's path, for AT_EXECFN.</param>
    /// <param name="auxiliaryVector">The auxiliary vector as it lies in memory.</param>
    /// <returns>The stack pointer, a multiple of 16.</returns>
    /// <exception cref="LinuxStartException">The arguments are too long, or there is no memory.</exception>
    public static ulong Build(
        GuestMemory memory,
        ulong end,
        IReadOnlyList<byte[]> arguments,
        IReadOnlyList<byte[]> environment,
        LoadedImage program,
        ulong interpreterBias,
        ulong hardwareCapabilities,
        byte[] path,
        out byte[] auxiliaryVector)
    {
        var strings = SizeOf(arguments) + SizeOf(environment);
        if (strings > MaximumStrings)
            throw new LinuxStartException($"arguments and environment are too long: {strings >> 10} KiB of at most {MaximumStrings >> 10}", LinuxStartException.NotExecutable);
        var bottom = end - LinuxProcessOptions.StackSize;
        var protection = MemoryProtection.ReadWrite | (program.StackIsExecutable ? MemoryProtection.Execute : 0);
        // The guard keeps later mappings away, so that an overflow cannot reach them unnoticed.
        const ulong guard = 1 << 20;
        if (memory.Map(bottom - guard, guard, MemoryProtection.None, MapFlags.FixedNoReplace, out _, "[guard]") != MemoryError.None
            || memory.Map(bottom, LinuxProcessOptions.StackSize, protection, MapFlags.FixedNoReplace, out _, GuestMemory.StackName) != MemoryError.None)
            throw new LinuxStartException($"no memory for a stack of {LinuxProcessOptions.StackSize >> 20} MiB", LinuxStartException.NotExecutable);
        return new InitialStack(memory, end).Fill(arguments, environment, program, interpreterBias, hardwareCapabilities, path, out auxiliaryVector);
    }

    private ulong Fill(
        IReadOnlyList<byte[]> arguments,
        IReadOnlyList<byte[]> environment,
        LoadedImage program,
        ulong interpreterBias,
        ulong hardwareCapabilities,
        byte[] path,
        out byte[] auxiliaryVector)
    {
        // A word of zeros ends the stack, as on Linux.
        _top -= sizeof(ulong);
        var pathAddress = PushString(path);
        var environmentAddresses = PushStrings(environment);
        var argumentAddresses = PushStrings(arguments);
        var random = Push(RandomBytes());
        _top &= ~15UL;

        // Arrays and loops: lists of numbers are compiled when the program starts.
        var vector = new ulong[2 * ((int)AuxiliaryEntry.ExecutedPath + 1)];
        var used = 0;
        void Add(AuxiliaryEntry type, ulong value)
        {
            vector[used++] = (ulong)type;
            vector[used++] = value;
        }
        Add(AuxiliaryEntry.HardwareCapabilities, hardwareCapabilities);
        Add(AuxiliaryEntry.PageSize, GuestMemory.PageSize);
        Add(AuxiliaryEntry.ClockTicks, 100);
        Add(AuxiliaryEntry.ProgramHeaders, program.ProgramHeaders);
        Add(AuxiliaryEntry.ProgramHeaderSize, ElfSegment.EntrySize);
        Add(AuxiliaryEntry.ProgramHeaderCount, (ulong)program.ProgramHeaderCount);
        Add(AuxiliaryEntry.InterpreterBase, interpreterBias);
        Add(AuxiliaryEntry.Flags, 0);
        Add(AuxiliaryEntry.Entry, program.Entry);
        Add(AuxiliaryEntry.User, HostIdentity(Syscalls.SyscallNumber.getuid));
        Add(AuxiliaryEntry.EffectiveUser, HostIdentity(Syscalls.SyscallNumber.geteuid));
        Add(AuxiliaryEntry.Group, HostIdentity(Syscalls.SyscallNumber.getgid));
        Add(AuxiliaryEntry.EffectiveGroup, HostIdentity(Syscalls.SyscallNumber.getegid));
        Add(AuxiliaryEntry.Secure, 0);
        Add(AuxiliaryEntry.Random, random);
        Add(AuxiliaryEntry.ExecutedPath, pathAddress);
        Add(AuxiliaryEntry.End, 0);

        auxiliaryVector = ToBytes(vector, used);
        var pointers = new ulong[1 + argumentAddresses.Length + 1 + environmentAddresses.Length + 1];
        pointers[0] = (ulong)arguments.Count;
        argumentAddresses.CopyTo(pointers, 1);
        environmentAddresses.CopyTo(pointers, 1 + argumentAddresses.Length + 1);
        _top -= (ulong)(pointers.Length + used) * sizeof(ulong);
        _top &= ~15UL;
        Write(_top, ToBytes(pointers, pointers.Length));
        Write(_top + (ulong)pointers.Length * sizeof(ulong), auxiliaryVector);
        return _top;
    }

    private static ulong HostIdentity(Syscalls.SyscallNumber number) => (ulong)Host.HostKernel.Call(number);

    // Not by RandomNumberGenerator: it loads OpenSSL, which takes longer than the rest of a small guest's start.
    private static unsafe byte[] RandomBytes()
    {
        var bytes = new byte[16];
        fixed (byte* start = bytes)
        {
            var count = Host.HostKernel.CallToTheEnd(Syscalls.SyscallNumber.getrandom, (long)start, bytes.Length);
            if (count != bytes.Length)
                throw new LinuxStartException("the host gives no random bytes", LinuxStartException.NotExecutable);
        }
        return bytes;
    }

    private static byte[] ToBytes(ulong[] words, int count)
    {
        var bytes = new byte[count * sizeof(ulong)];
        for (var i = 0; i < count; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), words[i]);
        return bytes;
    }

    // With the pointers to them.
    private static ulong SizeOf(IReadOnlyList<byte[]> strings)
    {
        var size = 0UL;
        foreach (var text in strings)
            size += (ulong)text.Length + 1 + sizeof(ulong);
        return size;
    }

    // The first one at the lowest address. Returns where each is.
    private ulong[] PushStrings(IReadOnlyList<byte[]> strings)
    {
        var addresses = new ulong[strings.Count];
        for (var i = strings.Count - 1; i >= 0; i--)
            addresses[i] = PushString(strings[i]);
        return addresses;
    }

    private ulong PushString(byte[] text) => Push([.. text, 0]);

    private ulong Push(ReadOnlySpan<byte> bytes)
    {
        _top -= (ulong)bytes.Length;
        Write(_top, bytes);
        return _top;
    }

    private void Write(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!_memory.TryWrite(address, bytes))
            throw new LinuxStartException("arguments and environment do not fit on the stack", LinuxStartException.NotExecutable);
    }
}
