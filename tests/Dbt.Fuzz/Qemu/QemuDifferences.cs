using Dbt.Isa;

namespace Dbt.Fuzz.Qemu;

/// <summary>
/// What is kept out of programs for QEMU, and why: the one place where a difference is called QEMU's.
/// </summary>
/// <remarks>
/// Beside the operations below, <see cref="Programs.ProgramStyle.Portable"/> leaves out, in all operations:
/// misaligned atomics and reservations (QEMU makes SIGBUS of them, or performs them, depending on version and host);
/// a store-conditional without, or of another width than, the load-reserved before it (the manual allows any outcome; QEMU 7.2 compares
/// the wider value and may store and yet report failure); and reading counters (time passes differently).
/// </remarks>
internal static class QemuDifferences
{
    private static readonly Dictionary<string, string> s_extensions = new()
    {
        ["Zicond"] = "unknown before QEMU 8.0; Debian 12 has 7.2",
    };

    private static readonly Dictionary<string, string> s_operations = new()
    {
        ["ctzw"] = "QEMU 7.2 counts on in the upper word when the lower one is zero, fixed in 8.0; Zbb: \"if the least-significant word is 0, 32 is returned\"",
    };

    /// <summary>Why programs for QEMU do without an operation; null when they do not.</summary>
    public static string? Excludes(OperationInfo operation) =>
        s_extensions.GetValueOrDefault(operation.Extension) ?? s_operations.GetValueOrDefault(operation.Mnemonic);
}
