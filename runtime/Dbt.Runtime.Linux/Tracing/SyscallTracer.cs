using System.Globalization;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Tracing;

/// <summary>Writes a line for each system call, as strace does: <c>openat(AT_FDCWD, "/etc/passwd", O_RDONLY, 0) = 3</c>.</summary>
/// <param name="writer">Where to.</param>
internal sealed class SyscallTracer(TextWriter writer)
{
    /// <summary>Reports a call that was made.</summary>
    /// <param name="thread">The caller.</param>
    /// <param name="number">The call's number.</param>
    /// <param name="arguments">What it was given.</param>
    /// <param name="result">What it returned.</param>
    /// <param name="failure">The exception that its handler did not catch, if any: a mistake of ours.</param>
    public void Report(GuestThread thread, int number, in SyscallArguments arguments, long result, Exception? failure)
    {
        writer.WriteLine(failure is null
            ? Format(thread, number, arguments, result)
            : $"{Format(thread, number, arguments, result)} [dbt: {failure.GetType().Name}: {failure.Message}]");
        writer.Flush();
    }

    /// <summary>The line for a call.</summary>
    public static string Format(GuestThread thread, int number, in SyscallArguments arguments, long result)
    {
        var signature = thread.Process.Abi.SignatureOf(number) is { } own ? SyscallSignature.Parse(own) : SyscallSignatures.Find(number);
        if (signature is null)
        {
            var name = Enum.IsDefined((SyscallNumber)number) ? ((SyscallNumber)number).ToString() : $"syscall_{number}";
            return $"{name}(0x{arguments.A:x}, 0x{arguments.B:x}, 0x{arguments.C:x}, 0x{arguments.D:x}, 0x{arguments.E:x}, 0x{arguments.F:x}) = {Result("int", result)}";
        }
        var texts = new string[signature.Arguments.Count];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = ArgumentPrinter.Print(thread, signature.Arguments[i], arguments[i], arguments[Math.Min(i + 1, 5)], result);
        return $"{signature.Name}({string.Join(", ", texts)}) = {Result(signature.Result, result)}";
    }

    private static string Result(string kind, long result) => kind switch
    {
        "none" => "?",
        _ when result is < 0 and > -4096 => $"-1 {Errno.Describe(-result)}",
        "ptr" => $"0x{result:x}",
        _ => result.ToString(CultureInfo.InvariantCulture),
    };
}
