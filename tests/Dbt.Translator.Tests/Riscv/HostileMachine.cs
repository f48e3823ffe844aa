using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>
/// A hart whose window lies in the middle of memory that it must not reach: writable pages begin right behind the guards on both sides, and
/// again 4 GiB further, so that an access that leaves the window is not stopped by the host.
/// </summary>
internal sealed unsafe class HostileMachine : IDisposable
{
    /// <summary>Where code is in the window; a MiB of it.</summary>
    public const ulong Code = 0x10_0000;

    public const ulong CodeSize = 0x10_0000;

    /// <summary>Bytes at the start and at the end of the window that may be read and written.</summary>
    public const ulong EdgeBytes = 64 << 10;

    private const ulong Start = 1UL << 34;
    private const ulong ForbiddenBytes = 16 << 20;
    private const ulong Pattern = 0x5EC2_E7_5EC2_E7_00;

    private readonly GuestMemory _host = new(1UL << 36);
    private readonly ulong[] _forbidden;

    public HostileMachine(string engine, GuestIsa isa, ulong size, EngineOptions? options = null)
    {
        Size = size;
        _forbidden =
        [
            Start - GuestMemory.GuardSize - ForbiddenBytes,
            Start + size + GuestMemory.GuardSize,
            Start + size + (1UL << 32),
            Start - (1UL << 32),
        ];
        Map(Start, EdgeBytes, MemoryProtection.ReadWrite);
        Map(Start + size - EdgeBytes, EdgeBytes, MemoryProtection.ReadWrite);
        Map(Start + Code, CodeSize, MemoryProtection.All);
        foreach (var start in _forbidden)
        {
            Map(start, ForbiddenBytes, MemoryProtection.ReadWrite);
            Edges(start).ForEach(address => Assert.True(_host.TryWrite(address, Pattern + address)));
        }
        Engine = RiscvMachine.Create(engine, isa, options);
        Hart = new Hart(isa, isa.DefaultExtensions, new Window(_host, size));
        State->Memory = _host.Base + Start;
        State->MemoryLimit = size;
        State->Pc = Code;
    }

    public ulong Size { get; }

    public IEngine Engine { get; }

    public Hart Hart { get; }

    public HartHeader* State => Hart.State;

    /// <summary>Instructions that the hart has retired.</summary>
    public long Retired => State->RetiredBase - State->Budget;

    /// <summary>What lies at a guest address.</summary>
    public Span<byte> Bytes(ulong address, ulong length) => new(_host.Base + Start + address, (int)length);

    /// <summary>A guest address from which memory that is not the guest's begins: 0 and 1 at the guards, 2 and 3 a 32-bit space away.</summary>
    public ulong Forbidden(int number) => _forbidden[number] - Start;

    public ExitReason Run(long budget)
    {
        using var scope = HostFaults.RegisterCurrentThread(State);
        return Engine.Run(Hart, budget);
    }

    /// <summary>Whether nothing has been written next to the guards and where the forbidden memory begins and ends.</summary>
    public bool IsIntact() => Array.TrueForAll(_forbidden, start =>
        Edges(start).TrueForAll(address => _host.TryRead(address, out ulong value) && value == Pattern + address));

    public void Dispose()
    {
        Hart.Dispose();
        Engine.Dispose();
        _host.Dispose();
    }

    private static List<ulong> Edges(ulong start) =>
        [.. Enumerable.Range(0, 512).SelectMany(i => (ulong[])[start + 8 * (uint)i, start + ForbiddenBytes - 8 - 8 * (uint)i])];

    private void Map(ulong address, ulong length, MemoryProtection protection) =>
        Assert.Equal(MemoryError.None, _host.Map(address, length, protection, MapFlags.FixedNoReplace, out _));

    private sealed class Window(GuestMemory host, ulong size) : IGuestCode
    {
        public int Fetch(ulong address, Span<byte> destination) => address < size ? host.Fetch(Start + address, destination) : 0;
    }
}
