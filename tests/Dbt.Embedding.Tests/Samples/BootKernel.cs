using System.Text;
using Dbt.Embedding.Machines;

namespace Dbt.Embedding.Tests.Samples;

internal static class BootKernel
{
    public static int Run(string kernel)
    {
        using var machine = new BootedMachine(new MachineOptions
        {
            Kernel = File.ReadAllBytes(kernel),
            Arguments = "console=ttyS0",
            Output = bytes => Console.Write(Encoding.UTF8.GetString(bytes.Span)),
        });
        return machine.Run().ExitCode;
    }
}
