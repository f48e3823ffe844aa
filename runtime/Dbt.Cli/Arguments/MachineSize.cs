using System.CommandLine;
using Dbt.Cli.Errors;
using Dbt.Runtime.Machine.Boards.Riscv;

namespace Dbt.Cli.Arguments;

/// <summary>How large a machine is, by <c>--memory</c> and <c>--cpus</c>.</summary>
/// <param name="Memory">Bytes of RAM.</param>
/// <param name="Harts">Number of harts.</param>
internal readonly record struct MachineSize(ulong Memory, int Harts)
{
    /// <summary>Reads both options; 512M and one hart without them.</summary>
    /// <exception cref="UserException">There is no such machine.</exception>
    public static MachineSize Of(ParseResult line, ValueOption<long> memory, ValueOption<long> harts)
    {
        var bytes = memory.Of(line) ?? 512L << 20;
        var count = harts.Of(line) ?? 1;
        if (bytes % 4096 != 0 || bytes > 1L << 47)
            throw UserException.Usage("--memory takes a multiple of 4K, at most 128T", "as in --memory 512M");
        if (count > VirtBoard.MaxHarts)
            throw UserException.Usage($"a machine has at most {VirtBoard.MaxHarts} harts", "use a smaller --cpus");
        return new MachineSize((ulong)bytes, (int)count);
    }
}
