using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Qemu;

namespace Dbt.Fuzz.Tests;

/// <summary>A theory that is skipped where an emulator is not installed; the command that runs all tests installs it.</summary>
internal sealed class QemuTheoryAttribute : TheoryAttribute
{
    public QemuTheoryAttribute(string emulator)
    {
        foreach (var guest in new[] { FuzzGuest.Rv64, FuzzGuest.Rv32 })
            if (guest.Qemu == emulator && !QemuRunner.IsAvailable(guest))
                Skip = $"{emulator} is not installed";
    }
}
