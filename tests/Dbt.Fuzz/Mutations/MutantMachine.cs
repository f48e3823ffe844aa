using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Isa;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Fuzz.Mutations;

/// <summary>Runs mutants on one engine, with calls that reach nothing: exit ends, a write swallows, all else does not exist. For one thread.</summary>
internal sealed unsafe class MutantMachine(FuzzGuest guest, EngineConfiguration configuration) : IDisposable
{
    private const ulong WindowSize = 1UL << 38;
    private const ulong MemoryLimit = 64 << 20;
    private const ulong StackSize = 64 << 10;
    private const ulong SysWrite = 64;
    private const ulong SysExit = 93;
    private const ulong SysExitGroup = 94;
    private const ulong NoSuchCall = unchecked((ulong)-38);

    // As the calling convention has them.
    private const int StackPointer = 2;
    private const int FirstArgument = 10;
    private const int ThirdArgument = 12;
    private const int CallNumber = 17;

    private readonly GuestMemory _memory = new(WindowSize, MemoryLimit);
    private IEngine? _engine;

    /// <summary>The engine's name.</summary>
    public string Name => configuration.Name;

    /// <summary>The hart that ran last.</summary>
    public Hart? Hart { get; private set; }

    /// <summary>What the guest's memory is like.</summary>
    public GuestMemory Memory => _memory;

    /// <summary>Loads and runs a mutant; false when it cannot be loaded. The same registers for the same seed.</summary>
    public bool Run(Mutant mutant, ulong seed, long budget)
    {
        Clear();
        LoadedImage image;
        try
        {
            image = ElfLoader.Load(ElfFile.Parse(mutant.File, ElfMachine.RiscV), _memory);
        }
        catch (ElfException)
        {
            return false;
        }
        ForbidCodeThatChanges();
        _memory.Map(0, StackSize, MemoryProtection.ReadWrite, MapFlags.None, out var stack);
        _engine = configuration.Create(guest);
        Hart = new Hart(guest.Isa, guest.Generator.Catalog.Extensions, _memory);
        Hart.State->Memory = _memory.Base;
        Hart.State->MemoryLimit = _memory.Size;
        Hart.State->Pc = image.Entry;
        var random = new RandomSource(seed);
        for (var i = 1; i < 32; i++)
        {
            Hart.SetRegister(0, i, random.OneIn(4) ? Layout.Data + (ulong)random.Below(4096) : Values.Integer(random));
            Hart.SetRegister(1, i, Values.Float(random));
        }
        Hart.SetRegister(0, StackPointer, stack + StackSize / 2);
        using var scope = HostFaults.RegisterCurrentThread(Hart.State);
        Run(Hart, budget);
        return true;
    }

    public void Dispose()
    {
        Clear();
        _memory.Dispose();
    }

    private void Run(Hart hart, long budget)
    {
        while (budget > 0)
        {
            var before = hart.State->RetiredBase - hart.State->Budget;
            if (_engine!.Run(hart, budget) != ExitReason.EnvironmentCall)
                return;
            budget -= hart.State->RetiredBase - hart.State->Budget - before;
            switch (hart.GetRegister(0, CallNumber))
            {
                case SysExit or SysExitGroup:
                    return;
                case SysWrite:
                    hart.SetRegister(0, FirstArgument, hart.GetRegister(0, ThirdArgument));
                    break;
                default:
                    hart.SetRegister(0, FirstArgument, NoSuchCall);
                    break;
            }
            hart.State->Pc += sizeof(uint);
        }
    }

    // Engines need to see a change of code at the next fence only, each in its own way until then.
    private void ForbidCodeThatChanges()
    {
        foreach (var mapping in _memory.Mappings)
            if (mapping.Protection.HasFlag(MemoryProtection.Write | MemoryProtection.Execute))
                _memory.Protect(mapping.Start, mapping.Length, MemoryProtection.ReadExecute);
    }

    private void Clear()
    {
        _engine?.Dispose();
        Hart?.Dispose();
        _engine = null;
        Hart = null;
        _memory.Unmap(0, _memory.Size);
    }
}
