using System.Runtime.InteropServices;
using Dbt.Embedding.Guests;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Translator.Engines;

namespace Dbt.Embedding;

/// <summary>What this version of the library can do on this host, for programs that may meet several of them.</summary>
public static class Hypervisor
{
    /// <summary>
    /// Version of this API. It grows with each addition; what a version has, later ones have too, and mean the same by it. A program asks for
    /// the features that it wants by <see cref="Query"/> rather than by this number.
    /// </summary>
    public const int ApiVersion = 1;

    /// <summary>Whether virtual machines can be created here: on Linux, on x86-64.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Names of the instruction sets that guests may have, as <see cref="VirtualMachineOptions.Guest"/> takes them.</summary>
    public static IReadOnlyList<string> Guests => [.. GuestArchitecture.All.Select(guest => guest.Name)];

    /// <summary>Versions of machines that can be booted, as <see cref="Machines.MachineOptions.Machine"/> takes them, the newest last.</summary>
    public static IReadOnlyList<string> Machines => VirtOptions.Versions;

    /// <summary>Asks for a feature, or a limit.</summary>
    /// <returns>0 when there is no such thing here, or this version has never heard of it; otherwise what the capability says.</returns>
    public static long Query(Capability capability) => !IsSupported ? 0 : capability switch
    {
        Capability.BareGuests or Capability.Machines or Capability.ReadOnlyMemory or Capability.MmioExits or Capability.InstructionBudgets => 1,
        Capability.CompiledCode => BaselineEngine.IsSupported ? 1 : 0,
        Capability.AddressBits => VirtualMachineOptions.MostAddressBits,
        Capability.VirtualMachines => HostFaults.MostWindows,
        Capability.MachineHarts => VirtBoard.MaxHarts,
        _ => 0,
    };
}
