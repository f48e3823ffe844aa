using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Semantics.Cases;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;
using Dbt.Translator.Tests.HostCode;

namespace Dbt.Translator.Tests;

/// <summary>The table of cases on the baseline compiler, which wants memory that is inaccessible around the guest's.</summary>
public sealed unsafe class BaselineSemanticsTests
{
    private static readonly EngineOptions s_options = EngineOptions.Default with { CompileThreshold = 0 };

    public static TheoryData<string> Operations => [.. SemanticTable.All.Select(item => item.Mnemonic).Distinct()];

    public static TheoryData<string> LowerLevels => [.. HostLevels.Lower];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Does_what_the_table_says(string mnemonic) =>
        Assert.All(
            SemanticTable.All.Where(item => item.Mnemonic == mnemonic),
            item => SemanticRunner.Run(item, isa => new BaselineEngine(GuestLifters.For(isa), s_options), Run));

    [Theory]
    [MemberData(nameof(LowerLevels))]
    public void Does_what_the_table_says_on_less_able_hosts(string level) =>
        Assert.All(
            SemanticTable.All,
            item => SemanticRunner.Run(item, isa => new BaselineEngine(GuestLifters.For(isa), s_options, HostLevels.Of(level)), Run));

    internal static ExitReason Run(IEngine engine, Hart hart, byte[] bytes)
    {
        using var memory = new GuestMemory((ulong)bytes.Length);
        memory.Map(0, (ulong)bytes.Length, MemoryProtection.ReadWrite, MapFlags.Fixed, out _);
        Assert.True(memory.TryWrite(0, bytes));
        hart.State->Memory = memory.Base;
        using var scope = HostFaults.RegisterCurrentThread(hart.State);
        var reason = engine.Run(hart, SemanticRunner.MostInstructions);
        new ReadOnlySpan<byte>(memory.Base, bytes.Length).CopyTo(bytes);
        return reason;
    }
}
