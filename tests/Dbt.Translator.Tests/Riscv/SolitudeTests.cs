using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Stress;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>The end of a hart's time alone: what it ran without locks is not run any more.</summary>
public sealed unsafe class SolitudeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("alone")]
    [InlineData("uncounted")]
    public void Code_without_locks_is_left_when_memory_is_shared(string engine)
    {
        var blocks = new Blocks();
        using var machine = new RiscvMachine(engine, null, EngineOptions.Default with { CompileThreshold = 0, CodeListener = blocks });
        machine.Write(
            RiscvMachine.Code,
            0x00c5b52f, // amoadd.d a0, a2, (a1)
            0xffdff06f); // j -4
        machine.Hart["a1"] = RiscvMachine.Data;
        machine.Hart["a2"] = 1;
        Crew.Work(2, number =>
        {
            if (number == 0)
            {
                Assert.Equal(ExitReason.Budget, machine.Run());
                return;
            }
            try
            {
                Assert.True(SpinWait.SpinUntil(() => blocks.Of(RiscvMachine.Code).Length == 1, s_patience));
                machine.Engine.ShareMemory();
                // An endless loop: it is only compiled again if the hart was made to leave it.
                Assert.True(SpinWait.SpinUntil(() => blocks.Of(RiscvMachine.Code).Length == 2, s_patience));
                var (alone, shared) = (blocks.Of(RiscvMachine.Code)[0], blocks.Of(RiscvMachine.Code)[1]);
                Assert.False(alone.Locks);
                Assert.True(shared.Locks);
            }
            finally
            {
                machine.Hart.RequestStop();
            }
        });
        Assert.Equal(2, blocks.Of(RiscvMachine.Code).Length);
    }

    private sealed record Block(ulong Pc, bool Locks);

    private sealed class Blocks : ICodeListener
    {
        private readonly List<Block> _all = [];

        public Block[] Of(ulong pc)
        {
            lock (_all)
                return [.. _all.Where(block => block.Pc == pc)];
        }

        public void BlockAdded(string engine, ulong pc, byte* code, int length)
        {
            // lock xadd [r15+rdi], rax
            var locks = new ReadOnlySpan<byte>(code, length).IndexOf((ReadOnlySpan<byte>)[0xf0, 0x49, 0x0f, 0xc1]) >= 0;
            lock (_all)
                _all.Add(new(pc, locks));
        }

        public void StubAdded(string engine, string name, byte* code, int length)
        {
        }
    }
}
