namespace Dbt.Embedding.Tests.Samples;

internal static class RawCode
{
    public static void Run()
    {
        using var machine = new VirtualMachine();
        ReadOnlySpan<byte> code = [0x33, 0x05, 0xb5, 0x02, 0x73, 0x00, 0x00, 0x00]; // mul a0,a0,a1; ecall
        machine.MapMemory(0x8000_0000, 0x1000, MemoryAccess.Execute, code);
        var hart = machine.CreateHart();
        hart.Pc = 0x8000_0000;
        (hart["a0"], hart["a1"]) = (6, 7);
        var exit = hart.Run(budget: 1_000_000);
        Console.WriteLine($"{exit.Reason} {hart["a0"]}");
    }
}
