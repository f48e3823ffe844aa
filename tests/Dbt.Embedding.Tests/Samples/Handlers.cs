namespace Dbt.Embedding.Tests.Samples;

internal static class Handlers
{
    public static void Run(string program)
    {
        using var machine = new VirtualMachine(new VirtualMachineOptions { CallBudget = 1_000_000 });
        machine.Load(program);
        machine.Hypercall = hart => hart.SetResult(hart.GetArgument(0) * hart.GetArgument(1));
        machine.MapDevice(0x4000_0000, 8, read: (offset, size) => 100, write: (offset, size, value) => Console.WriteLine($"device: {value}"));
        Console.WriteLine(machine.Call("ask", 1, 6, 7));
        machine.Call("store", 0x4000_0000, machine.Call("load", 0x4000_0000));
    }
}
