using Dbt.Isa.Riscv;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>What page tables allow, and what fences show.</summary>
public abstract unsafe class PagingTests(TestedEngine engine) : PagedTests(engine)
{
    [Theory]
    [InlineData("ld", "immI", 13)]
    [InlineData("amoadd.d", null, 15)]
    [InlineData("lr.d", null, 13)]
    public void Faults_name_the_address(string mnemonic, string? immediate, ulong cause)
    {
        _machine.Constant(1, 0x7000).Emit(mnemonic, immediate == null ? [("rd", 2), ("rs1", 1)] : [("rd", 2), ("rs1", 1), (immediate, 8)]);
        Assert.Equal(cause, _machine.RunToTrap());
        Assert.Equal((0x1010UL, immediate == null ? 0x7000UL : 0x7008UL), (_machine.State->Mepc, _machine.State->Mtval));
    }

    [Fact]
    public void What_leads_nowhere_is_an_access_fault()
    {
        Map(7, 0x1000, V | R | W | A | D);
        _machine.Constant(1, 0x7000).Emit("amoadd.w", ("rd", 2), ("rs1", 1));
        Assert.Equal(7UL, _machine.RunToTrap());
        Assert.Equal(0x7000UL, _machine.State->Mtval);
    }

    [Fact]
    public void Jumps_to_what_may_not_be_executed_fault_there()
    {
        _machine.Constant(1, 0x5004).Emit("jalr", ("rs1", 1));
        Assert.Equal(12UL, _machine.RunToTrap());
        Assert.Equal((0x5004UL, 0x5004UL), (_machine.State->Mepc, _machine.State->Mtval));
    }

    [Fact]
    public void An_instruction_across_pages_faults_at_the_second()
    {
        Map(2, 0, 0);
        Assert.True(_machine.Memory.TryStore(Ram + 0x1FFE, 2, 0x0003));
        _machine.State->Header.Pc = 0x1FFE;
        Assert.Equal(12UL, _machine.RunToTrap());
        Assert.Equal((0x1FFEUL, 0x2000UL), (_machine.State->Mepc, _machine.State->Mtval));
    }

    [Fact]
    public void Instructions_and_accesses_across_pages_see_both()
    {
        _machine.Store(Data + 0xFF8, 0x8877_6655_4433_2211);
        _machine.Store(Data + 0x2000, 0xFFEE_DDCC_BBAA_9988);
        var load = BareMachine.Encode("ld", ("rd", 2), ("rs1", 1), ("immI", -4));
        Assert.True(_machine.Memory.TryStore(Ram + 0x1FFE, 2, load & 0xFFFF));
        Assert.True(_machine.Memory.TryStore(Ram + 0x2000, 2, load >> 16));
        Assert.True(_machine.Memory.TryStore(Ram + 0x2002, 2, 0x9002));
        _machine.State->X[1] = 0x6000;
        _machine.State->Header.Pc = 0x1FFE;
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(0xBBAA_9988_8877_6655UL, _machine.State->X[2]);
    }

    [Fact]
    public void A_store_across_pages_that_faults_changes_nothing()
    {
        Map(6, Data + 0x2000, V | R | A);
        _machine.Constant(1, 0x6000).Emit("sd", ("rs1", 1), ("rs2", 1), ("immS", -4));
        Assert.Equal(15UL, _machine.RunToTrap());
        Assert.Equal((0x6000UL, 0UL), (_machine.State->Mtval, _machine.Load(Data + 0xFF8)));
    }

    [Fact]
    public void Marks_are_set_or_fault()
    {
        Map(5, Data, V | R | W);
        _machine.Constant(1, 0x5000).Emit("sd", ("rs1", 1), ("rs2", 1)).Emit("ebreak");
        Assert.Equal(15UL, _machine.RunToTrap());
        _machine.State->Menvcfg = RiscvMenvcfg.ADUE;
        _machine.State->Privilege = 1;
        _machine.State->Header.Pc = 0x1000;
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(A | D, _machine.Load(Leaves + 5 * 8) & (A | D));
    }

    [Fact]
    public void The_first_store_marks_a_page_that_was_loaded_from()
    {
        _machine.State->Menvcfg = RiscvMenvcfg.ADUE;
        Map(5, Data, V | R | W | A);
        _machine.Constant(1, 0x5000).Emit("ld", ("rd", 2), ("rs1", 1)).Emit("sd", ("rs1", 1), ("rs2", 1)).Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(D, _machine.Load(Leaves + 5 * 8) & D);
    }

    [Fact]
    public void SUM_lends_and_takes_back_the_right_to_users_pages()
    {
        Map(5, Data, V | R | W | U | A | D);
        _machine.Store(Data, 42);
        _machine.Constant(1, 0x5000).Constant(3, 1 << 18)
            .Emit("csrrs", ("csr", BareMachine.Number("sstatus")), ("rs1", 3))
            .Emit("ld", ("rd", 2), ("rs1", 1))
            .Emit("csrrc", ("csr", BareMachine.Number("sstatus")), ("rs1", 3))
            .Emit("ld", ("rd", 4), ("rs1", 1));
        Assert.Equal(13UL, _machine.RunToTrap());
        Assert.Equal((42UL, 0UL, 0x102CUL), (_machine.State->X[2], _machine.State->X[4], _machine.State->Mepc));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fence_shows_changed_tables(bool oneAddress)
    {
        _machine.Store(Data, 1);
        _machine.Store(Data + 0x2000, 2);
        Map(7, Leaves, V | R | W | A | D);
        _machine.Constant(1, 0x5000).Constant(3, 0x7000 + 5 * 8).Constant(6, (Data + 0x2000) >> 2 | V | R | W | A | D)
            .Emit("ld", ("rd", 2), ("rs1", 1))
            .Emit("sd", ("rs1", 3), ("rs2", 6))
            .Emit("sfence.vma", ("rs1", oneAddress ? 1 : 0))
            .Emit("ld", ("rd", 4), ("rs1", 1))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal((1UL, 2UL), (_machine.State->X[2], _machine.State->X[4]));
    }

    // A function is called at one address, which leads to other code afterwards.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Code_is_what_its_address_leads_to_now(bool oneAddress)
    {
        _machine.At(Ram + 0x2000).Emit("addi", ("rd", 5), ("rs1", 5), ("immI", 1)).Emit("jalr", ("rs1", 1));
        _machine.At(Ram + 0x3000).Emit("addi", ("rd", 5), ("rs1", 5), ("immI", 16)).Emit("jalr", ("rs1", 1));
        Map(7, Leaves, V | R | W | A | D);
        _machine.At(Ram + 0x1000).Constant(9, 0x2000).Constant(3, 0x7000 + 2 * 8).Constant(6, (Ram + 0x3000) >> 2 | V | R | X | A)
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("sd", ("rs1", 3), ("rs2", 6))
            .Emit("sfence.vma", ("rs1", oneAddress ? 9 : 0))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(18UL, _machine.State->X[5]);
    }

    [Fact]
    public void Stores_into_code_are_executed_behind_a_fence()
    {
        // The same page, mapped twice: code here, data there.
        Map(8, Ram + 0x2000, V | R | W | A | D);
        _machine.At(Ram + 0x2000).Emit("addi", ("rd", 5), ("rs1", 5), ("immI", 1)).Emit("jalr", ("rs1", 1));
        _machine.At(Ram + 0x1000).Constant(9, 0x2000).Constant(3, 0x8000).Constant(6, BareMachine.Encode("addi", ("rd", 5), ("rs1", 5), ("immI", 16)))
            .Emit("sw", ("rs1", 3), ("rs2", 0), ("immS", 64))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("sw", ("rs1", 3), ("rs2", 6))
            .Emit("fence.i")
            .Emit("jalr", ("rd", 1), ("rs1", 9))
            .Emit("ebreak");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal(18UL, _machine.State->X[5]);
    }

    [Fact]
    public void MPRV_lends_M_mode_the_rights_of_another()
    {
        Map(5, Data, V | R | U | A);
        _machine.Store(Data, 42);
        _machine.State->Privilege = 3;
        _machine.State->Header.Pc = Ram + 0x1000;
        _machine.Constant(1, 0x5000).Constant(3, 1 << 17)
            .Emit("csrrs", ("csr", BareMachine.Number("mstatus")), ("rs1", 3))
            .Emit("ld", ("rd", 2), ("rs1", 1))
            .Emit("csrrc", ("csr", BareMachine.Number("mstatus")), ("rs1", 3))
            .Emit("ld", ("rd", 4), ("rs1", 1));
        Assert.Equal(5UL, _machine.RunToTrap());
        Assert.Equal(42UL, _machine.State->X[2]);
    }

    [Fact]
    public void Protection_holds_behind_translation()
    {
        // The data page is nobody's but M mode's.
        _machine.State->Pmpcfg0 = 0x1F18;
        _machine.State->Pmpaddr0 = Data >> 2 | (0x1000 >> 3) - 1;
        _machine.State->Pmpaddr1 = (1UL << 54) - 1;
        _machine.Constant(1, 0x5000).Emit("ld", ("rd", 2), ("rs1", 1));
        Assert.Equal(5UL, _machine.RunToTrap());
        Assert.Equal(0x5000UL, _machine.State->Mtval);
    }

    [Fact]
    public void Blocks_are_cleared_where_that_is_allowed()
    {
        for (ulong i = 0; i < 24; i++)
            _machine.Store(Data + i * 8, ulong.MaxValue);
        _machine.Constant(1, 0x5050).Emit("cbo.zero", ("rs1", 1)).Emit("ebreak");
        Assert.Equal(2UL, _machine.RunToTrap());
        _machine.State->Menvcfg = RiscvMenvcfg.CBZE;
        _machine.State->Privilege = 1;
        _machine.State->Header.Pc = 0x1000;
        Assert.Equal(3UL, _machine.RunToTrap());
        for (ulong i = 0; i < 24; i++)
            Assert.Equal(i is >= 8 and < 16 ? 0 : ulong.MaxValue, _machine.Load(Data + i * 8));
    }

    [Theory]
    [InlineData("cbo.clean", RiscvMenvcfg.CBCFE)]
    [InlineData("cbo.flush", RiscvMenvcfg.CBCFE)]
    [InlineData("cbo.inval", 1UL << 4)]
    public void Blocks_are_managed_where_they_may_be_loaded(string mnemonic, ulong enable)
    {
        Map(5, Data, V | R | A);
        _machine.Constant(1, 0x5050).Emit(mnemonic, ("rs1", 1)).Constant(1, 0x7050).Emit(mnemonic, ("rs1", 1));
        Assert.Equal(2UL, _machine.RunToTrap());
        _machine.State->Menvcfg = enable;
        _machine.State->Privilege = 1;
        _machine.State->Header.Pc = 0x1000;
        Assert.Equal(15UL, _machine.RunToTrap());
        Assert.Equal(0x7050UL, _machine.State->Mtval);
        // U mode needs S mode's leave too.
        Map(1, Ram + 0x1000, V | R | X | U | A);
        Map(5, Data, V | R | U | A);
        _machine.State->Privilege = 0;
        _machine.State->Header.Pc = 0x1000;
        _machine.Hart.Request(Dbt.Isa.Systems.SystemAttention.FenceAll);
        Assert.Equal(2UL, _machine.RunToTrap());
        _machine.State->Senvcfg = enable;
        _machine.State->Privilege = 0;
        _machine.State->Header.Pc = 0x1000;
        Assert.Equal(15UL, _machine.RunToTrap());
    }
}
