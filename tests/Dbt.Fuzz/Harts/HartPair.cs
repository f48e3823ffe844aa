using Dbt.Fuzz.Machines;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;

namespace Dbt.Fuzz.Harts;

/// <summary>Two harts of one guest on two host threads, with one engine and one memory.</summary>
internal sealed unsafe class HartPair : IDisposable
{
    public const ulong Code = 0x1_0000;
    public const ulong Data = 0x10_0000;
    public const ulong DataSize = 4 << 20;

    // Code of the second hart lies on pages of its own.
    private const ulong CodeSize = 1 << 16;

    // Minutes: harts wait for each other in loops, and threads for a core.
    private const long Enough = 1L << 38;

    private readonly long _budget;
    private readonly GuestMemory _memory = new(1 << 26);
    private readonly Hart[] _harts = new Hart[2];
    private readonly Translator.Engines.IEngine _engine;

    public HartPair(EngineConfiguration engine, HartCode first, HartCode second)
    {
        var guest = FuzzGuest.Rv64;
        _engine = engine.Create(guest);
        _budget = engine.Counts ? Enough : long.MaxValue;
        _memory.Map(Code, 2 * CodeSize, MemoryProtection.All, MapFlags.Fixed, out _);
        _memory.Map(Data, DataSize, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
        foreach (var (i, code) in new[] { (0, first), (1, second) })
        {
            if (!_memory.TryWrite(Code + (ulong)i * CodeSize, code.ToBytes()))
                throw new InvalidOperationException("The code was not written.");
            _harts[i] = new Hart(guest.Isa, guest.Generator.Catalog.Extensions, _memory);
            _harts[i].State->Memory = _memory.Base;
            _harts[i].State->MemoryLimit = _memory.Size;
            _harts[i].State->Pc = Code + (ulong)i * CodeSize;
        }
    }

    /// <summary>A hart's integer registers.</summary>
    public ulong this[int hart, int register]
    {
        get => _harts[hart].GetRegister(0, register);
        set => _harts[hart].SetRegister(0, register, value);
    }

    /// <summary>A doubleword of the shared memory.</summary>
    public ref ulong Word(ulong offset) => ref *(ulong*)(_memory.Base + Data + offset);

    /// <summary>Runs both to their ecall; what went wrong, or null.</summary>
    public string? Run()
    {
        var exits = new ExitReason[2];
        var failures = new Exception?[2];
        var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
        {
            try
            {
                using var scope = HostFaults.RegisterCurrentThread(_harts[i].State);
                exits[i] = _engine.Run(_harts[i], _budget);
            }
            catch (Exception e)
            {
                failures[i] = e;
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        for (var i = 0; i < 2; i++)
            if (failures[i] is not null || exits[i] != ExitReason.EnvironmentCall)
                return $"hart {i} ended with {failures[i]?.ToString() ?? exits[i].ToString()} at 0x{_harts[i].State->Pc:x}";
        return null;
    }

    public void Dispose()
    {
        foreach (var hart in _harts)
            hart?.Dispose();
        _engine.Dispose();
        _memory.Dispose();
    }
}
