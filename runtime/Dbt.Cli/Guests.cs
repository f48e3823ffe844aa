using Dbt.Cli.Errors;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Lab.Snippets;
using Dbt.Lab.Snippets.Riscv;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Linux.Abi;
using Dbt.Runtime.Linux.Abi.Riscv;

namespace Dbt.Cli;

/// <summary>The guests that this build knows: where the composition root names them.</summary>
internal static class Guests
{
    /// <summary>Every guest, the default one first.</summary>
    public static IReadOnlyList<GuestIsa> All { get; } = [Default, RiscvRv32.Instance];

    /// <summary>The one that is meant when nobody says otherwise.</summary>
    public static GuestIsa Default => RiscvRv64.Instance;

    /// <summary>What their programs are marked with.</summary>
    public static ElfMachine Machine => ElfMachine.RiscV;

    /// <summary>How Linux runs on a guest; null when it does not here.</summary>
    public static LinuxAbi? AbiOf(GuestIsa isa) => isa == RiscvRv64.Instance ? new Riscv64Abi() : null;

    /// <summary>How snippets are built for a guest; null when they are not.</summary>
    public static SnippetTarget? SnippetTargetOf(GuestIsa isa) => isa == RiscvRv64.Instance ? new Riscv64SnippetTarget() : null;

    /// <summary>The guest that an ISA string starts with, and the extensions that it names; the default without a string.</summary>
    /// <exception cref="UserException">There is no such guest or extension.</exception>
    public static (GuestIsa Isa, ExtensionSet Extensions) Parse(string? text)
    {
        if (text is null)
            return (Default, Default.DefaultExtensions);
        var isa = All.FirstOrDefault(guest => text.StartsWith(guest.Name, StringComparison.OrdinalIgnoreCase)) ?? Default;
        return IsaString.TryParse(isa, text, out var extensions, out var error)
            ? (isa, extensions)
            : throw new UserException("--isa", error, "see 'dbt isa'", ExitCode.Usage);
    }
}
