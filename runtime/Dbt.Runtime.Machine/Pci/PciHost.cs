using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Pci;

/// <summary>
/// A PCI Express host bridge: one bus, whose functions' configuration spaces lie behind each other in memory (ECAM, PCI Express Base
/// Specification 4.0, section 7.2.2), and the range of memory that a guest puts their registers into.
/// </summary>
internal sealed class PciHost
{
    /// <summary>Bytes of configuration space of all buses.</summary>
    public const ulong ConfigurationLength = 256UL << 20;

    /// <summary>Functions on the bus: one for each device.</summary>
    public const int Slots = 32;

    private const int SlotShift = 15, SlotLength = 1 << 12;

    private readonly IPciFunction?[] _functions = new IPciFunction?[Slots];

    /// <summary>A bus without functions.</summary>
    /// <param name="windowStart">Guest physical address of the range for registers.</param>
    public PciHost(ulong windowStart)
    {
        ConfigurationSpace = new Ecam(this);
        Window = new MemoryWindow(this, windowStart);
    }

    /// <summary>The configuration spaces.</summary>
    public IMmioDevice ConfigurationSpace { get; }

    /// <summary>The functions' registers.</summary>
    public IMmioDevice Window { get; }

    /// <summary>Puts a function into a slot.</summary>
    public void Plug(int slot, IPciFunction function) => _functions[slot] = function;

    private sealed class Ecam(PciHost host) : IMmioDevice
    {
        public ulong Read(ulong offset, int size) =>
            host.At(offset) is { } function && size <= 4 ? function.ReadConfiguration((int)offset & SlotLength - 1, size) : ulong.MaxValue;

        public void Write(ulong offset, int size, ulong value)
        {
            if (size <= 4)
                host.At(offset)?.WriteConfiguration((int)offset & SlotLength - 1, size, (uint)value);
        }
    }

    // Nobody on other buses, and no other function than the first.
    private IPciFunction? At(ulong offset) =>
        offset >> SlotShift < Slots && (offset >> 12 & 7) == 0 ? _functions[offset >> SlotShift] : null;

    private sealed class MemoryWindow(PciHost host, ulong start) : IMmioDevice
    {
        public ulong Read(ulong offset, int size)
        {
            foreach (var function in host._functions)
            {
                if (function is not null && function.Configuration.TryFind(start + offset, out var bar, out var register))
                    return function.Read(bar, register, size);
            }
            return ulong.MaxValue;
        }

        public void Write(ulong offset, int size, ulong value)
        {
            foreach (var function in host._functions)
            {
                if (function is not null && function.Configuration.TryFind(start + offset, out var bar, out var register))
                {
                    function.Write(bar, register, size, value);
                    return;
                }
            }
        }
    }
}
