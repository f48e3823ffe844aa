namespace Dbt.Embedding.Tests.Samples;

internal static class CallFunction
{
    public static void Run(string program)
    {
        using var machine = new VirtualMachine();
        machine.Load(program);
        Console.WriteLine(machine.Call("fib", 10));
    }
}
