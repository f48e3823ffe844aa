using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests;

/// <summary>What runs in a process of its own, since it is expected to die: <c>dotnet Dbt.Runtime.Tests.dll NAME</c>.</summary>
internal static unsafe class Program
{
    public const string OutsideOfWindow = "outside", UnregisteredThread = "unregistered", AfterDispose = "disposed";

    private static int Main(string[] arguments)
    {
        using var memory = new GuestMemory();
        var address = memory.Base + 0x10_0000;
        try
        {
            switch (arguments[0])
            {
                case OutsideOfWindow:
                    using (HostFaults.RegisterCurrentThread())
                        // The host never maps anything that high: it is behind the lower half of the address space.
                        return *(int*)0x7FFF_FFFF_F000;
                case UnregisteredThread:
                    using (HostFaults.RegisterCurrentThread())
                    {
                    }
                    return *(int*)address;
                case AfterDispose:
                    using (HostFaults.RegisterCurrentThread())
                    {
                        memory.Dispose();
                        return *(int*)address;
                    }
                default:
                    return 1;
            }
        }
        catch (NullReferenceException)
        {
            return 2;
        }
    }
}
