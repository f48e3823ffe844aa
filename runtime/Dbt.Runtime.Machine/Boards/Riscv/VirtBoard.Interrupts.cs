using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.DeviceTree;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;

namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <content>The interrupt controllers: a PLIC, or what the Advanced Interrupt Architecture has.</content>
public sealed partial class VirtBoard
{
    private const ulong PlicStart = 0xc00_0000, MachineAplicStart = 0xc00_0000, SupervisorAplicStart = 0xd00_0000;
    private const ulong MachineImsicStart = 0x2400_0000, SupervisorImsicStart = 0x2800_0000;
    private const int Sources = 95, LevelHigh = 4;

    private DeviceTreeNode _controllerNode = null!;
    private DeviceTreeNode? _messageNode;
    private Aplic? _aplic;
    private Func<int, IInterruptLine> _line = null!;

    /// <summary>M mode's interrupt files, by hart; empty without IMSIC.</summary>
    public IReadOnlyList<InterruptFile> MachineFiles { get; private set; } = [];

    /// <summary>S mode's interrupt files, by hart; empty without IMSIC.</summary>
    public IReadOnlyList<InterruptFile> SupervisorFiles { get; private set; } = [];

    private IInterruptLine Line(int source) => _line(source);

    private void AddInterruptControllers()
    {
        if (_options.Aia == AdvancedInterrupts.None)
        {
            AddPlic();
            return;
        }
        if (_options.Aia == AdvancedInterrupts.AplicImsic)
            AddImsics();
        AddAplic();
    }

    private void AddPlic()
    {
        var plic = new Plic(_harts.Targets, Sources);
        Map(PlicStart, Plic.Length, plic);
        _line = plic.Line;
        _controllerNode = Node("interrupt-controller", PlicStart, Plic.Length, "plic", "sifive,plic-1.0.0", "riscv,plic0")
            .Flag("interrupt-controller").Cells("#interrupt-cells", 1).Cells("#address-cells", 0).Cells("riscv,ndev", Sources)
            .Table("interrupts-extended", 2, HartInputs(InterruptInput.MachineExternal, InterruptInput.SupervisorExternal));
    }

    private void AddImsics()
    {
        if (!_harts.HasInterruptFiles)
            throw new DeviceException("aia=aplic-imsic: the harts of this build have no interrupt files (Smaia, Ssaia); use aia=none or aia=aplic");
        MachineFiles = [.. _harts.Targets.Select(hart => new InterruptFile(hart, InterruptInput.MachineExternal))];
        SupervisorFiles = [.. _harts.Targets.Select(hart => new InterruptFile(hart, InterruptInput.SupervisorExternal))];
        if (_harts.HasFirmware)
            AddImsic(MachineImsicStart, MachineFiles, "imsic_m", InterruptInput.MachineExternal);
        _messageNode = AddImsic(SupervisorImsicStart, SupervisorFiles, "imsic_s", InterruptInput.SupervisorExternal);
    }

    private DeviceTreeNode AddImsic(ulong start, IReadOnlyList<InterruptFile> files, string label, InterruptInput input)
    {
        var length = Imsic.PageLength * (ulong)files.Count;
        Map(start, length, new Imsic(files));
        return Node("interrupt-controller", start, length, label, "riscv,imsics")
            .Flag("interrupt-controller").Cells("#interrupt-cells", 0).Flag("msi-controller").Cells("#msi-cells", 0)
            .Cells("riscv,num-ids", InterruptFile.Identities).Table("interrupts-extended", 2, HartInputs(input));
    }

    // Without firmware nobody delegates: S mode has all sources, and its domain is the only one that is told of.
    private void AddAplic()
    {
        var hasFiles = _options.Aia == AdvancedInterrupts.AplicImsic;
        var aplic = new Aplic(_harts.Targets, Sources, hasFiles ? MachineFiles : null, hasFiles ? SupervisorFiles : null, isDelegated: !_harts.HasFirmware);
        _line = aplic.Line;
        _aplic = aplic;
        Map(SupervisorAplicStart, AplicDomain.Length, aplic.Supervisor);
        _controllerNode = AplicNode(SupervisorAplicStart, "aplic_s", InterruptInput.SupervisorExternal, _messageNode);
        if (!_harts.HasFirmware)
            return;
        Map(MachineAplicStart, AplicDomain.Length, aplic.Machine);
        AplicNode(MachineAplicStart, "aplic_m", InterruptInput.MachineExternal, _soc.Children.FirstOrDefault(node => node.Label == "imsic_m"))
            .Cells("riscv,children", _controllerNode).Cells("riscv,delegation", _controllerNode, 1, Sources).Cells("riscv,delegate", _controllerNode, 1, Sources);
    }

    private DeviceTreeNode AplicNode(ulong start, string label, InterruptInput input, DeviceTreeNode? messages)
    {
        var node = Node("interrupt-controller", start, AplicDomain.Length, label, "riscv,aplic")
            .Flag("interrupt-controller").Cells("#interrupt-cells", 2).Cells("#address-cells", 0).Cells("riscv,num-sources", Sources);
        return messages is null ? node.Table("interrupts-extended", 2, HartInputs(input)) : node.Cells("msi-parent", messages);
    }

    private DeviceTreeNode WithInterrupt(DeviceTreeNode node, int source) => node.Cells("interrupt-parent", _controllerNode).Cells("interrupts", Interrupt(source));

    // How the controller's children name a source.
    private DeviceTreeCell[] Interrupt(int source) => _options.Aia == AdvancedInterrupts.None ? [source] : [source, LevelHigh];
}
