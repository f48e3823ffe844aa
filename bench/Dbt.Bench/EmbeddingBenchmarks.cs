using System.Reflection;
using BenchmarkDotNet.Attributes;
using Dbt.Embedding;

namespace Dbt.Bench;

/// <summary>What a program pays that uses guests as a library.</summary>
public class EmbeddingBenchmarks
{
    private byte[] _program = [];
    private VirtualMachine _machine = null!;
    private VirtualMachine _counting = null!;
    private GuestFunction _nothing = null!;
    private GuestFunction _add = null!;
    private GuestFunction _counted = null!;
    private GuestFunction _ask = null!;

    /// <summary>Loads the guest, and has its functions compiled.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _program = File.ReadAllBytes(Path.Combine(Repository(), "tests", "guests", "bin", "embedded", "functions"));
        _machine = Create(long.MaxValue);
        _counting = Create(1_000_000);
        _machine.Hypercall = hart => hart.SetResult(hart.GetArgument(0));
        (_nothing, _add, _ask) = (_machine.GetFunction("nothing"), _machine.GetFunction("add"), _machine.GetFunction("ask"));
        _counted = _counting.GetFunction("nothing");
        for (var i = 0; i < 100; i++)
            _ = _nothing.Invoke() + _add.Invoke(1, 2) + _counted.Invoke() + _ask.Invoke(1);
    }

    /// <summary>A function that returns a constant, called and returned from.</summary>
    [Benchmark]
    public ulong Call() => _nothing.Invoke();

    /// <summary>With two arguments.</summary>
    [Benchmark]
    public ulong CallWithArguments() => _add.Invoke(1, 2);

    /// <summary>In a machine that counts instructions, as it does from the first budget on.</summary>
    [Benchmark]
    public ulong CallWithBudget() => _counted.Invoke();

    /// <summary>By name.</summary>
    [Benchmark]
    public ulong CallByName() => _machine.Call("nothing");

    /// <summary>A function that calls back into this program, and returns.</summary>
    [Benchmark]
    public ulong CallThatCallsBack() => _ask.Invoke(1);

    /// <summary>A machine is made, a program loaded and a function of it called, and all freed.</summary>
    [Benchmark]
    public ulong CreateCallDispose()
    {
        using var machine = new VirtualMachine();
        machine.Load(_program);
        return machine.Call("add", 1, 2);
    }

    /// <summary>Frees the guests.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _machine.Dispose();
        _counting.Dispose();
    }

    private VirtualMachine Create(long budget)
    {
        var machine = new VirtualMachine(new VirtualMachineOptions { CallBudget = budget });
        machine.Load(_program);
        return machine;
    }

    private static string Repository() => typeof(EmbeddingBenchmarks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;
}
