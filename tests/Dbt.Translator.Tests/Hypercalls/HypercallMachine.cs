using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Translator.Engines;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Tests.Riscv;

namespace Dbt.Translator.Tests.Hypercalls;

/// <summary>A hart whose engine uses a table of hypercalls, and the guest programs that call.</summary>
internal sealed unsafe class HypercallMachine : IDisposable
{
    /// <summary>The call that ends a program.</summary>
    public const ulong End = 93;

    // Registers of the calls below.
    private const int A0 = 10, A7 = 17;

    private const uint Ecall = 0x00000073, AddToSum = 0x00a484b3, CountDown = 0xfff40413, LoadEnd = 0x05d00893;

    public HypercallMachine(string engine, params ReadOnlySpan<uint> program)
    {
        Machine = new RiscvMachine(engine, options: EngineOptions.Default with { CompileThreshold = 0, CountsHypercalls = Counts });
        Table = new HypercallTable(Machine.Isa, Convention);
        Machine.Engine.UseHypercalls(Table);
        Machine.Write(RiscvMachine.Code, program);
    }

    /// <summary>s0 times call 7, results summed up in s1.</summary>
    public static ReadOnlySpan<uint> Sum => [0x00700893, Ecall, AddToSum, CountDown, 0xfe0418e3, LoadEnd, Ecall];

    /// <summary>s0 times one of the calls 0 to 7 in turn, results summed up in s1.</summary>
    public static ReadOnlySpan<uint> Funnel => [0x00747893, Ecall, AddToSum, CountDown, 0xfe0418e3, LoadEnd, Ecall];

    /// <summary>s0 times call 8 with the arguments s3 and s4, results summed up in s1.</summary>
    public static ReadOnlySpan<uint> Query => [0x00098513, 0x000a0593, 0x00800893, Ecall, AddToSum, CountDown, 0xfe0414e3, LoadEnd, Ecall];

    /// <summary>
    /// s0 times call 7. Its result must lie between what stands at a4 before it, which is stored at a6, and at a5 after it, modulo 2048 and less than
    /// 1024 apart; s1 counts when it does not.
    /// </summary>
    public static ReadOnlySpan<uint> Ordered =>
    [
        0x00073603, 0x00c83023, 0x00700893, Ecall, 0x0007b683, 0x40c50633, 0x40a686b3, 0x00d66633, 0x40067613, 0x00060463, 0x00148493, CountDown, 0xfc0418e3, LoadEnd, Ecall,
    ];

    /// <summary>The same with the calls 7 and 8 in turn, at one site.</summary>
    public static ReadOnlySpan<uint> OrderedFunnel =>
    [
        0x00073603, 0x00c83023, 0x00147893, 0x00788893, Ecall, 0x0007b683, 0x40c50633, 0x40a686b3, 0x00d66633, 0x40067613, 0x00060463, 0x00148493, CountDown, 0xfc0416e3,
        LoadEnd, Ecall,
    ];

    public static HypercallConvention Convention { get; } = new(A7, -1, [A0, A0 + 1, A0 + 2], [A0]);

    /// <summary>Whether machines count calls that do not leave.</summary>
    public static bool Counts { get; set; }

    public RiscvMachine Machine { get; }

    public HypercallTable Table { get; }

    public Hart Hart => Machine.Hart;

    /// <summary>A handler that returns a constant.</summary>
    public static Hypercall Returning(long value) => Hypercall.Inline(HypercallStep.Set(A0, value));

    /// <summary>The same out of line.</summary>
    public static Hypercall LeafReturning(long value) => Hypercall.Leaf(HypercallStep.Set(A0, value));

    /// <summary>Runs the program to its end; calls that come here return what the function says. Gives how many came.</summary>
    public int Run(Func<ulong, ulong>? call = null, Hart? hart = null)
    {
        hart ??= Hart;
        using var scope = HostFaults.RegisterCurrentThread(hart.State);
        for (var calls = 0; ; calls++)
        {
            var reason = Machine.Engine.Run(hart, long.MaxValue);
            Assert.Equal(ExitReason.EnvironmentCall, reason);
            if (hart["a7"] == End)
                return calls;
            hart["a0"] = call?.Invoke(hart["a7"]) ?? throw new InvalidOperationException($"Call {hart["a7"]} came here.");
            hart.State->Pc += 4;
        }
    }

    public void Dispose()
    {
        Machine.Dispose();
        Table.Dispose();
    }
}
