using System.Buffers.Binary;
using System.Security.Cryptography;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Boot.Riscv;

/// <summary>Puts into RAM what a machine starts with: firmware, kernel, initial RAM disk, device tree.</summary>
internal sealed class VirtLoader
{
    private const ulong PageSize = 0x1000, TreeAlignment = 0x20_0000, RomStart = 0x1000;

    // Firmware adds to the tree, in place.
    private const ulong TreeRoom = 0x1_0000;

    private readonly VirtMachineOptions _options;
    private readonly PhysicalMemory _memory;
    private readonly VirtBoard _board;
    private readonly BootImage? _firmware, _kernel;

    /// <summary>Reads the files.</summary>
    /// <exception cref="BootException">They are none.</exception>
    public VirtLoader(VirtMachineOptions options, PhysicalMemory memory, VirtBoard board)
    {
        (_options, _memory, _board) = (options, memory, board);
        if (!options.Firmware.IsEmpty)
            _firmware = BootImage.ReadFirmware(options.Firmware, memory.RamStart);
        if (!options.Kernel.IsEmpty || _firmware is null)
            _kernel = BootImage.ReadKernel(options.Kernel, memory.RamStart);
        if (_firmware is null)
            return;
        if (_kernel is not null && _firmware.Start < _kernel.End && _kernel.Start < _firmware.End)
            throw new BootException($"firmware and kernel overlap: 0x{_firmware.Start:x} to 0x{_firmware.End - 1:x}, and 0x{_kernel.Start:x} to 0x{_kernel.End - 1:x}");
        memory.Map(RomStart, BootRom.Length, new BootRom(DynamicInformation(_kernel?.Entry ?? 0)));
    }

    /// <summary>Where a test program writes what it wants of the host; null when there is none.</summary>
    public ulong? ToHost => _firmware?.ToHost ?? _kernel?.ToHost;

    /// <summary>Address of what tells firmware where to go on, for its third argument.</summary>
    public ulong Information => RomStart;

    /// <summary>Loads everything.</summary>
    /// <returns>Where the harts begin: in M mode when there is firmware, else in S mode; and where the device tree is.</returns>
    /// <exception cref="BootException">It does not fit.</exception>
    public (ulong Entry, ulong Tree) Load()
    {
        var initrdLength = (ulong)_options.Initrd.Length + PageSize - 1 & ~(PageSize - 1);
        var boot = new VirtBoot
        {
            Arguments = _options.Arguments,
            InitrdLength = (ulong)_options.Initrd.Length,
            RandomSeed = RandomNumberGenerator.GetBytes(32),
        };
        var treeLength = (ulong)_board.FlattenedTree(boot).Length + TreeRoom;
        var end = _memory.RamStart + _memory.RamLength;
        var used = Math.Max(_firmware?.End ?? 0, _kernel?.End ?? 0);
        // The tree at the end of RAM, as high as kernels reach early, and the RAM disk below it.
        var needed = used - _memory.RamStart + initrdLength + treeLength + 2 * TreeAlignment;
        if (used > _memory.RamStart && needed > _memory.RamLength)
            throw new BootException($"{(_kernel ?? _firmware)!.Name} and initial RAM disk need {needed >> 20} MB, the machine has {_memory.RamLength >> 20}: give it more memory");
        var tree = end - treeLength & ~(TreeAlignment - 1);
        boot = boot with { InitrdStart = tree - initrdLength & ~(PageSize - 1) };
        _firmware?.Load(_memory);
        _kernel?.Load(_memory);
        if (!_memory.TryWrite(boot.InitrdStart, _options.Initrd.Span) || !_memory.TryWrite(tree, _board.FlattenedTree(boot)))
            throw new BootException("kernel, initial RAM disk and device tree do not fit into memory");
        return ((_firmware ?? _kernel)!.Entry, tree);
    }

    // What OpenSBI's fw_dynamic expects (include/sbi/fw_dynamic.h): magic, version, address and mode of what comes next, options, first hart.
    private static byte[] DynamicInformation(ulong next)
    {
        const ulong magic = 0x4942_534F, version = 2, supervisor = 1, anyHart = ulong.MaxValue;
        var information = new byte[6 * sizeof(ulong)];
        ulong[] words = [magic, version, next, supervisor, 0, anyHart];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(information.AsSpan(i * sizeof(ulong)), words[i]);
        return information;
    }
}
