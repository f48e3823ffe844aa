using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>What may change under translated code, and what it must notice.</summary>
public abstract unsafe class CompiledCodeTests(TestedEngine engine) : PagedTests(engine)
{
    private const ulong Return = 0x0000_8067;

    // The program calls page 2 directly before and after the page has become another one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Direct_jumps_lead_where_their_page_leads_now(bool oneAddress)
    {
        Function(Ram + 0x2000, 1);
        Function(Ram + 0x3000, 16);
        Map(7, Leaves, V | R | W | A | D);
        _machine.At(Ram + 0x1000).Constant(9, 0x2000).Constant(3, 0x7000 + 2 * 8).Constant(6, (Ram + 0x3000) >> 2 | V | R | X | A);
        _machine.Emit("addi", ("rd", 8), ("immI", 3)) // 0x1030
            .Emit("jal", ("rd", 1), ("immJ", 0x2000 - 0x1034))
            .Emit("addi", ("rd", 8), ("rs1", 8), ("immI", -1))
            .Emit("bne", ("rs1", 8), ("rs2", 0), ("immB", -8))
            .Emit("bne", ("rs1", 20), ("rs2", 0), ("immB", 0x14))
            .Emit("addi", ("rd", 20), ("immI", 1))
            .Emit("sd", ("rs1", 3), ("rs2", 6))
            .Emit("sfence.vma", ("rs1", oneAddress ? 9 : 0))
            .Emit("jal", ("immJ", 0x1030 - 0x1050))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(3 * 1 + 3 * 16UL, _machine.State->X[5]);
    }

    [Fact]
    public void An_instruction_across_pages_has_the_end_that_is_there_now()
    {
        // addi x5, x5, 1 or 16, by its upper half.
        var (one, sixteen) = (AddTo5(1), AddTo5(16));
        Assert.True(_machine.Memory.TryStore(Ram + 0x1FFE, 2, one & 0xFFFF));
        foreach (var (page, bits) in new[] { (Ram + 0x2000, one), (Ram + 0x3000, sixteen) })
        {
            Assert.True(_machine.Memory.TryStore(page, 2, bits >> 16));
            Assert.True(_machine.Memory.TryStore(page + 2, 4, Return));
        }
        Map(7, Leaves, V | R | W | A | D);
        _machine.Constant(9, 0x1FFE).Constant(3, 0x7000 + 2 * 8).Constant(6, (Ram + 0x3000) >> 2 | V | R | X | A).Constant(10, 0x2000)
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("sd", ("rs1", 3), ("rs2", 6))
            .Emit("sfence.vma", ("rs1", 10))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(18UL, _machine.State->X[5]);
    }

    // A loop in a page that it may store to replaces an instruction of itself in each turn.
    [Fact]
    public void Code_that_changes_itself_is_executed_as_changed_behind_a_fence()
    {
        Map(1, Ram + 0x1000, V | R | W | X | A | D);
        _machine.Constant(9, 0x1000).Constant(6, AddTo5(1)).Constant(7, 1 << 20).Constant(8, 20);
        var (start, pc) = (0x1040L, 0x1040L);
        Emit("sw", ("rs1", 9), ("rs2", 6), ("immS", 0x4C));
        Emit("fence.i");
        Emit("addi", ("rd", 10), ("rs1", 10), ("immI", 1));
        Assert.Equal(0x104C, pc);
        Emit("addi", ("rd", 5), ("rs1", 5));
        Emit("add", ("rd", 6), ("rs1", 6), ("rs2", 7));
        Emit("addi", ("rd", 8), ("rs1", 8), ("immI", -1));
        Emit("bne", ("rs1", 8), ("rs2", 0), ("immB", start - pc));
        Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(210UL, _machine.State->X[5]);

        void Emit(string mnemonic, params (string, long)[] operands)
        {
            _machine.Emit(mnemonic, operands);
            pc += 4;
        }
    }

    // Without a fence, the old instruction may be executed or the new one, but one of them.
    [Fact]
    public void A_store_into_the_block_that_executes_it_does_no_harm()
    {
        Map(1, Ram + 0x1000, V | R | W | X | A | D);
        _machine.Constant(9, 0x1000).Constant(6, AddTo5(1))
            .Emit("sw", ("rs1", 9), ("rs2", 6), ("immS", 0x24))
            .Emit("addi", ("rd", 7), ("rs1", 7), ("immI", 1))
            .Emit("addi", ("rd", 8), ("rs1", 8), ("immI", 1))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal((1UL, 1UL), (_machine.State->X[5] + _machine.State->X[7], _machine.State->X[8]));
    }

    [Theory]
    [InlineData("lh", 2)]
    [InlineData("lw", 4)]
    [InlineData("ld", 8)]
    public void Misaligned_loads_and_stores_are_whole(string load, int bytes)
    {
        for (ulong i = 0; i < 64; i++)
            Assert.True(_machine.Memory.TryStore(i < 32 ? Data + 0xFE0 + i : Data + 0x2000 + i - 32, 1, i * 3 & 0x7F));
        // x10 walks over the end of page 5; what is loaded goes to page 5's start, and is summed up.
        _machine.Constant(10, 0x5FE0).Constant(8, 64 - (ulong)bytes).Constant(11, 0x5101)
            .Emit(load, ("rd", 12), ("rs1", 10))
            .Emit("s" + load[1..], ("rs1", 11), ("rs2", 12))
            .Emit("ld", ("rd", 13), ("rs1", 11))
            .Emit("add", ("rd", 5), ("rs1", 5), ("rs2", 13))
            .Emit("addi", ("rd", 10), ("rs1", 10), ("immI", 1))
            .Emit("addi", ("rd", 8), ("rs1", 8), ("immI", -1))
            .Emit("bne", ("rs1", 8), ("rs2", 0), ("immB", -24))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        ulong sum = 0;
        for (var at = 0; at < 64 - bytes; at++)
            for (var i = 0; i < bytes; i++)
                sum += ((ulong)(at + i) * 3 & 0x7F) << 8 * i;
        Assert.Equal(sum, _machine.State->X[5]);
    }

    [Fact]
    public void A_misaligned_store_across_pages_comes_apart_rightly()
    {
        _machine.Constant(10, 0x6000).Constant(12, 0x8765_4321)
            .Emit("sd", ("rs1", 10), ("rs2", 12), ("immS", -2))
            .Emit("sd", ("rs1", 10), ("rs2", 12), ("immS", -2))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal((0x4321UL << 48, 0x8765UL), (_machine.Load(Data + 0xFF8), _machine.Load(Data + 0x2000)));
    }

    [Theory]
    [InlineData("amoadd.w")]
    [InlineData("amoswap.d")]
    [InlineData("lr.w")]
    [InlineData("sc.d")]
    public void Misaligned_atomics_trap(string mnemonic)
    {
        _machine.Constant(10, 0x5002).Emit(mnemonic, ("rd", 5), ("rs1", 10));
        Assert.Equal(mnemonic == "lr.w" ? 4UL : 6, _machine.RunToTrap());
        Assert.Equal((0x1010UL, 0x5002UL), (_machine.State->Mepc, _machine.State->Mtval));
    }

    // Constants that are not in place yet, registers that move, loops with exchanged registers: all is as the program says when a load fails.
    [Fact]
    public void A_fault_in_a_loop_has_every_register()
    {
        for (ulong i = 0; i < 512; i++)
            _machine.Store(Data + i * 8, i);
        Map(6, 0, 0);
        _machine.Constant(10, 0x5000);
        for (var register = 16; register < 32; register++)
            _machine.Emit("addi", ("rd", register), ("immI", register * 10));
        _machine.Emit("ld", ("rd", 12), ("rs1", 10)); // 0x1050
        for (var register = 16; register < 32; register++)
            _machine.Emit("add", ("rd", register), ("rs1", register), ("rs2", 12));
        _machine.Emit("addi", ("rd", 11), ("immI", 77))
            .Emit("addi", ("rd", 10), ("rs1", 10), ("immI", 8))
            .Emit("jal", ("immJ", -19 * 4));
        Assert.Equal(13UL, _machine.RunToTrap());
        Assert.Equal((0x1050UL, 0x6000UL, 0x6000UL, 511UL, 77UL),
            (_machine.State->Mepc, _machine.State->Mtval, _machine.State->X[10], _machine.State->X[12], _machine.State->X[11]));
        for (var register = 16; register < 32; register++)
            Assert.Equal((ulong)register * 10 + 511 * 512 / 2, _machine.State->X[register]);
    }

    // Each would never end by itself: a jump to itself, two blocks, an indirect jump, and one through another page.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Interrupts_are_taken_in_endless_loops(int kind)
    {
        _machine.Constant(9, 0x1010).Constant(10, 0x2000);
        switch (kind)
        {
            case 0:
                _machine.Emit("jal");
                break;
            case 1:
                _machine.Emit("addi", ("rd", 5), ("rs1", 5), ("immI", 1)).Emit("bne", ("rs1", 5), ("rs2", 0), ("immB", -4)).Emit("jal", ("immJ", -8));
                break;
            case 2:
                _machine.Emit("jalr", ("rs1", 9), ("immI", 0x10));
                break;
            default:
                _machine.Emit("jal", ("immJ", 0x2000 - 0x1020)).At(Ram + 0x2000).Emit("jal", ("immJ", 0x1020 - 0x2000));
                break;
        }
        if (kind == 2)
            _machine.State->X[9] = 0;
        _machine.State->Mie = 0x800;
        var other = new Thread(() =>
        {
            Thread.Sleep(20);
            _machine.Hart.SetPending(InterruptInput.MachineExternal, true);
        });
        other.Start();
        Assert.Equal(1UL << 63 | 11, RunUntilTrap());
        other.Join();
        // On a busy host the hart may not have got to the loop.
        Assert.InRange(_machine.State->Mepc, 0x1000UL, 0x2000UL);
    }

    // Another thread changes what an address leads to and asks the hart, which does not leave its loop otherwise, to forget what it knows.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fences_of_other_harts_are_heard_in_loops(bool code)
    {
        Function(Ram + 0x2000, 0);
        Function(Ram + 0x3000, 1);
        _machine.Store(Data + 0x2000, 1);
        _machine.Constant(9, 0x2000).Constant(10, 0x5000)
            .Emit("ld", ("rd", 5), ("rs1", 10)) // 0x1020
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("beq", ("rs1", 5), ("rs2", 0), ("immB", -8))
            .Emit("ebreak");
        var other = new Thread(() =>
        {
            Thread.Sleep(20);
            if (code)
                Map(2, Ram + 0x3000, V | R | X | A);
            else
                Map(5, Data + 0x2000, V | R | A);
            var request = _machine.Hart.RequestFence();
            SpinWait.SpinUntil(() => _machine.Hart.IsFenced(request));
        });
        other.Start();
        Assert.Equal(3UL, RunUntilTrap());
        other.Join();
        Assert.Equal(1UL, _machine.State->X[5]);
    }

    [Fact]
    public void A_stop_is_seen_in_an_endless_loop()
    {
        _machine.Emit("jal");
        var other = new Thread(() =>
        {
            Thread.Sleep(20);
            _machine.Hart.Hart.RequestStop();
        });
        other.Start();
        Assert.Equal(Isa.ExitReason.Budget, _machine.RunForEver());
        other.Join();
        Assert.Equal(0x1000UL, _machine.State->Header.Pc);
    }

    private ulong RunUntilTrap()
    {
        _machine.State->Mtvec = Ram + 0x8000;
        _machine.At(Ram + 0x8000).Wfi();
        Assert.Equal(Isa.ExitReason.WaitForInterrupt, _machine.RunForEver());
        return _machine.State->Mcause;
    }

    // Adds to x5 and returns.
    private void Function(ulong place, int value) => _machine.At(place).Put(AddTo5(value)).Put((uint)Return).At(Ram + 0x1000);

    private static uint AddTo5(int value) => BareMachine.Encode("addi", ("rd", 5), ("rs1", 5), ("immI", value));
}
