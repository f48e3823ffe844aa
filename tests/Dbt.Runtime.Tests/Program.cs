using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests;

/// <summary>What runs in a process of its own, since it is expected to die: <c>dotnet Dbt.Runtime.Tests.dll NAME</c>.</summary>
internal static unsafe class Program
{
    public const string OutsideOfWindow = "outside", UnregisteredThread = "unregistered", AfterDispose = "disposed";
    public const string EmittedOnUnregisteredThread = "emitted-unregistered", EmittedAfterRemoval = "emitted-removed", Emitted = "emitted";

    /// <summary>What the process ends with when the recovery stub was reached.</summary>
    public const int Recovered = 3;

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
                case EmittedOnUnregisteredThread:
                    using (HostFaults.RegisterCurrentThread())
                    {
                    }
                    return Emit()(address);
                case EmittedAfterRemoval:
                    using (HostFaults.RegisterCurrentThread())
                    {
                        var code = Emit();
                        HostCodeRanges.Remove((byte*)code);
                        return code(address);
                    }
                case Emitted:
                    using (HostFaults.RegisterCurrentThread())
                        return Emit()(address);
                default:
                    return 1;
            }
        }
        catch (NullReferenceException)
        {
            return 2;
        }
    }

    // Emitted code that reads what its argument points to, with a stub that returns a number of its own.
    private static delegate* unmanaged<byte*, int> Emit()
    {
        var page = HostCalls.Map(
            null, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtWrite, HostCalls.MapPrivate | HostCalls.MapAnonymous, -1, 0);
        new ReadOnlySpan<byte>([0x8B, 0x07, 0xC3, 0xB8, Recovered, 0, 0, 0, 0xC3]).CopyTo(new Span<byte>(page, 9)); // mov eax, [rdi]; ret; mov eax, …; ret
        if (HostCalls.Protect(page, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtExecute) != 0)
            throw new InvalidOperationException("No executable memory.");
        HostCodeRanges.Add(page, 3, page + 3);
        return (delegate* unmanaged<byte*, int>)page;
    }
}
