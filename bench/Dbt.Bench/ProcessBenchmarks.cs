using BenchmarkDotNet.Attributes;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Linux;
using Dbt.Runtime.Linux.Abi.Riscv;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Bench;

/// <summary>Linux programs in this process: a system call, and a whole life.</summary>
public class ProcessBenchmarks
{
    private const int Calls = 100_000;

    private string _calls = "";
    private string _end = "";
    private SafeFileHandle _nowhere = null!;

    /// <summary>Writes the programs.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        _calls = Path.GetTempFileName();
        _end = Path.GetTempFileName();
        File.WriteAllBytes(_calls, TinyProgram.Of(
            0x000185b7, // lui a1, 24
            0x6a058593, // addi a1, a1, 1696: 100,000
            0x0ad00893, // 1: li a7, 173 (getppid)
            0x00000073, //    ecall
            0xfff58593, //    addi a1, a1, -1
            0xfe059ae3, //    bnez a1, 1b
            0x05d00893, //    li a7, 93 (exit)
            0x00000513, //    li a0, 0
            0x00000073)); //  ecall
        File.WriteAllBytes(_end, TinyProgram.Of(0x05d00893, 0x00000513, 0x00000073));
    }

    /// <summary>A system call that the host answers at once, from translated code and back.</summary>
    [Benchmark(OperationsPerInvoke = Calls)]
    public int SystemCall() => Run(_calls);

    /// <summary>Create a process, run it to its end, and dispose it.</summary>
    [Benchmark]
    public int CreateRunDispose() => Run(_end);

    /// <summary>Removes the programs.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        File.Delete(_calls);
        File.Delete(_end);
        _nowhere.Dispose();
    }

    private int Run(string program)
    {
        var descriptor = (int)_nowhere.DangerousGetHandle();
        using var process = LinuxProcess.Create(new LinuxProcessOptions
        {
            Program = program,
            Isa = RiscvRv64.Instance,
            Abi = new Riscv64Abi(),
            CreateEngine = isa => new BaselineEngine(GuestLifters.For(isa), EngineOptions.Default with { CountsInstructions = false }),
            StandardFiles = [descriptor, descriptor, descriptor],
        });
        return process.Run() is 0 and var code ? code : throw new InvalidOperationException("The program failed.");
    }
}
