using System.Globalization;
using Dbt.Bench.Comparing;

namespace Dbt.Bench.Booting;

/// <summary>The command lines that boot the same kernel on the same machine.</summary>
internal static class MachineRunners
{
    /// <summary>Dbt with an engine and, behind a colon, options of the machine: <c>auto:aia=aplic-imsic</c>.</summary>
    public static Runner Dbt(string dbt, string engine)
    {
        var parts = engine.Split(':', 2);
        string[] options = parts.Length > 1 ? ["--machine", "virt-1," + parts[1]] : [];
        return new Runner("dbt " + engine, RunnerKind.Dbt, [dbt, "boot", "--engine", parts[0], .. options]);
    }

    /// <summary>A qemu-system-riscv64, from <c>NAME=COMMAND</c>.</summary>
    /// <exception cref="ComparisonException">It is not that.</exception>
    public static Runner Qemu(string text, bool isFirst) => Runner.ParsePeer(text) with { Kind = isFirst ? RunnerKind.Yardstick : RunnerKind.Peer };

    /// <summary>The whole command line.</summary>
    /// <param name="runner">Who boots.</param>
    /// <param name="settings">What machine.</param>
    /// <param name="arguments">The kernel's command line.</param>
    /// <param name="disk">A raw disk image; null for a machine without disk and network.</param>
    public static IReadOnlyList<string> Command(Runner runner, MachineSettings settings, string arguments, string? disk)
    {
        var (memory, harts) = (settings.Memory.ToString(CultureInfo.InvariantCulture) + "M", settings.Harts.ToString(CultureInfo.InvariantCulture));
        string[] common = ["-kernel", settings.Kernel, "-initrd", settings.Initrd, "-append", arguments];
        if (runner.Kind == RunnerKind.Dbt)
            return [.. runner.Words, .. common.Select(word => word is "-kernel" or "-initrd" or "-append" ? "-" + word : word), "--memory", memory, "--cpus", harts,
                .. disk is null ? [] : (string[])["--disk", disk, "--net", "user"]];
        return [.. runner.Words, "-M", "virt", "-nographic", "-m", memory, "-smp", harts, .. common,
            .. disk is null ? [] : (string[])["-drive", $"file={disk},format=raw,if=none,id=disk", "-device", "virtio-blk-device,drive=disk", "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net"]];
    }
}
