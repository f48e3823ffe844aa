using System.Diagnostics;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Qemu;

/// <summary>Runs batches under QEMU's user mode emulator.</summary>
internal static class QemuRunner
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    /// <summary>Whether the emulator is installed.</summary>
    public static bool IsAvailable(FuzzGuest guest) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, guest.Qemu)));

    /// <summary>The data segment as the batch leaves it; null, and why, when it did not get through.</summary>
    public static byte[]? Run(Batch batch, out string? failure)
    {
        var path = Path.Combine(Path.GetTempPath(), $"dbt-fuzz-{Guid.NewGuid():N}");
        try
        {
            File.WriteAllBytes(path, QemuFrame.Wrap(batch));
            // QEMU insists, as the kernel does.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return Run(batch, path, out failure);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[]? Run(Batch batch, string path, out string? failure)
    {
        using var process = Process.Start(new ProcessStartInfo(batch.Guest.Qemu, [path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // An endless program must not hang us; the kernel closes the pipe when it is killed.
        using var patience = new Timer(_ => Kill(process), null, s_patience, Timeout.InfiniteTimeSpan);
        var errors = process.StandardError.ReadToEndAsync();
        var output = new byte[Layout.DataLength(batch.Programs.Count)];
        var length = process.StandardOutput.BaseStream.ReadAtLeast(output, output.Length, throwOnEndOfStream: false);
        process.WaitForExit();
        failure = null;
        if (process.ExitCode == 0 && length == output.Length)
            return output;
        failure = $"{batch.Guest.Qemu}: exit code {process.ExitCode}, {length} of {output.Length} bytes written. {errors.Result.Trim()}";
        return null;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
        }
    }
}
