using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.DeviceTree;
using Dbt.Runtime.Machine.Pci;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <content>Where virtio devices are: in slots of their own, or on a PCI bus.</content>
public sealed partial class VirtBoard
{
    /// <summary>The most virtio devices that a board has outside of the PCI bus.</summary>
    public const int VirtioSlots = 8;

    private const ulong VirtioStart = 0x1000_1000, EcamStart = 0x3000_0000, PciWindowStart = 0x4000_0000, PciWindowLength = 0x4000_0000;
    private const int VirtioInterrupt = 1, PciInterrupt = 0x20, PciPins = 4;

    private readonly List<PciTransport> _functions = [];

    private void AddBuses(IReadOnlyList<VirtioOptions> options)
    {
        AddSlots([.. options.Where(option => !option.IsOnPci)]);
        AddPci([.. options.Where(option => option.IsOnPci)]);
    }

    // All slots, so that the tree of a version does not depend on what is plugged in.
    private void AddSlots(VirtioOptions[] options)
    {
        if (options.Length > VirtioSlots)
            throw new DeviceException($"a machine has at most {VirtioSlots} virtio devices outside of the PCI bus, not {options.Length}; put some on it");
        for (var slot = 0; slot < VirtioSlots; slot++)
        {
            var device = slot < options.Length ? Own(options[slot]) : null;
            var start = VirtioStart + (ulong)slot * MmioTransport.Length;
            Map(start, MmioTransport.Length, new MmioTransport(device, Line(VirtioInterrupt + slot), slot));
            WithInterrupt(Node("virtio_mmio", start, MmioTransport.Length, null, "virtio,mmio"), VirtioInterrupt + slot);
        }
    }

    private void AddPci(VirtioOptions[] options)
    {
        if (options.Length >= PciHost.Slots)
            throw new DeviceException($"a PCI bus has at most {PciHost.Slots - 1} devices, not {options.Length}");
        var host = new PciHost(PciWindowStart);
        Map(EcamStart, PciHost.ConfigurationLength, host.ConfigurationSpace);
        Map(PciWindowStart, PciWindowLength, host.Window);
        SharedLine[] lines = [.. Enumerable.Range(PciInterrupt, PciPins).Select(source => new SharedLine(Line(source)))];
        for (var i = 0; i < options.Length; i++)
        {
            // The first slot is the bridge's, in other machines.
            var slot = i + 1;
            var function = new PciTransport(Own(options[i]), lines[slot % PciPins].AddUser(), _messageNode is null ? null : _memory, slot);
            host.Plug(slot, function);
            _functions.Add(function);
        }
        DescribePci();
    }

    private void DescribePci()
    {
        const uint memory32 = 0x0200_0000;
        var node = Node("pci", EcamStart, PciHost.ConfigurationLength, null, "pci-host-ecam-generic")
            .Text("device_type", "pci").Cells("#address-cells", 3).Cells("#size-cells", 2).Cells("#interrupt-cells", 1)
            .Cells("bus-range", 0, 0).Cells("linux,pci-domain", 0).Flag("dma-coherent")
            .Cells("ranges", memory32, 0, (uint)PciWindowStart, 0, (uint)PciWindowStart, 0, (uint)PciWindowLength)
            .Cells("interrupt-map-mask", 0x1800, 0, 0, 7);
        var map = new List<DeviceTreeCell>();
        for (var slot = 0; slot < PciPins; slot++)
        {
            for (var pin = 0; pin < PciPins; pin++)
            {
                map.AddRange([(uint)slot << 11, 0, 0, pin + 1, _controllerNode]);
                map.AddRange(Interrupt(PciInterrupt + (slot + pin) % PciPins));
            }
        }
        node.Table("interrupt-map", map.Count / (PciPins * PciPins), map);
        if (_messageNode is not null)
            node.Cells("msi-parent", _messageNode);
    }

    private VirtioDevice Own(VirtioOptions options)
    {
        var device = options.Create(_memory);
        _owned.Add(device);
        return device;
    }
}
