using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>No guest reaches memory outside of its window, whatever it computes: see <see cref="HostileMachine"/>.</summary>
public sealed unsafe class IsolationTests
{
    // A block that is longer than the budget would be interpreted. Behind each program is an illegal instruction.
    private const long Enough = 1000;

    private const ulong SmallWindow = 1UL << 28, LargeWindow = 1UL << 33;

    public static TheoryData<string, string, ulong> Engines()
    {
        var data = new TheoryData<string, string, ulong>();
        foreach (var engine in (string[])["interpreter", "auto", "baseline", "baseline-v1", "block", "region"])
        {
            data.Add(engine, "rv64", SmallWindow);
            data.Add(engine, "rv64", LargeWindow);
            data.Add(engine, "rv32", SmallWindow);
            // All of a 32-bit guest's addresses are inside.
            data.Add(engine, "rv32", LargeWindow);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Every_access_outside_of_the_window_faults(string engine, string variant, ulong size)
    {
        var isa = IsaOf(variant);
        using var machine = new HostileMachine(engine, isa, size);
        var programs = new HostilePrograms(isa, machine, 1);
        var at = HostileMachine.Code;
        var tried = 0;
        foreach (var operation in programs.Accesses)
            foreach (var (bits, length) in programs.Extremes(operation))
            {
                BitConverter.GetBytes(bits).AsSpan(0, length).CopyTo(machine.Bytes(at, (ulong)length));
                foreach (var address in programs.OutsideAddresses)
                {
                    for (var register = 1; register < 32; register++)
                        machine.Hart.SetRegister(0, register, address);
                    machine.State->Pc = at;
                    machine.State->ReservationAddress = isa.WordBits == 32 ? (uint)address : address;
                    var exit = machine.Run(Enough);
                    Assert.True(exit is ExitReason.MemoryFault or ExitReason.MisalignedAccess, $"{operation.Mnemonic} {bits:x8} at {address:x}: {exit}");
                    Assert.True(machine.State->FaultAddress >= size, $"{operation.Mnemonic} {bits:x8} at {address:x}: {machine.State->FaultAddress:x}");
                    tried++;
                }
                at += 8;
            }
        Assert.True(machine.IsIntact());
        Assert.True(tried > 1000 || isa.WordBits == 32 && size == LargeWindow, $"{tried}");
    }

    [Fact]
    public void A_trusted_guest_would_reach_what_others_do_not()
    {
        var isa = RiscvRv64.Instance;
        using var machine = new HostileMachine("baseline", isa, SmallWindow, EngineOptions.Default with { CompileThreshold = 0, TrustsGuest = true });
        for (var i = 0; i < 4; i++)
        {
            var at = HostileMachine.Code + 16 * (uint)i;
            BitConverter.GetBytes(0x0005b503).CopyTo(machine.Bytes(at, 4)); // ld a0, 0(a1)
            machine.Hart["a1"] = machine.Forbidden(i);
            machine.State->Pc = at;
            Assert.Equal(ExitReason.IllegalInstruction, machine.Run(Enough));
            Assert.NotEqual(0UL, machine.Hart["a0"]);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Jumps_out_of_the_window_fault(string engine, string variant, ulong size)
    {
        var isa = IsaOf(variant);
        using var machine = new HostileMachine(engine, isa, size);
        var programs = new HostilePrograms(isa, machine, 2);
        uint[] jumps = [0x00050067, 0x7fe500e7, 0x80050067]; // jr a0; jalr 2046(a0); jr -2048(a0)
        foreach (var address in programs.OutsideAddresses)
            for (var i = 0; i < jumps.Length; i++)
            {
                var at = HostileMachine.Code + 16 * (uint)i;
                BitConverter.GetBytes(jumps[i]).CopyTo(machine.Bytes(at, 4));
                machine.Hart["a0"] = address & ~1UL;
                machine.State->Pc = at;
                Assert.Equal(ExitReason.MemoryFault, machine.Run(10));
                Assert.Equal(AccessKind.Execute, machine.State->FaultAccess);
                Assert.Equal(machine.State->Pc, machine.State->FaultAddress);
                Assert.True(machine.State->Pc >= size);
            }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_register_cannot_be_moved_out_in_small_steps_after_it_was_good(string engine, string variant, ulong size)
    {
        const uint Load = 0x0005a503, AddImmediate = 0x00058593; // lw a0, 0(a1); addi a1, a1, 0
        var isa = IsaOf(variant);
        if (isa.WordBits == 32 && size == LargeWindow)
            return;
        using var machine = new HostileMachine(engine, isa, size);
        var at = HostileMachine.Code;
        foreach (var step in (int[])[2040, -2048])
            foreach (var access in (uint[])[Load, 0x7f05a503, 0x8005a503, 0x00a5a023, 0x7ea5a823, 0x0005a507, 0x00a5a52f]) // lw, sw, flw, amoadd.w
                for (var steps = 1; steps < 60; steps += 3)
                {
                    uint[] program = [Load, .. Enumerable.Repeat((uint)step << 20 | AddImmediate, steps), access];
                    System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(program).CopyTo(machine.Bytes(at, 4 * (ulong)program.Length));
                    machine.Hart["a1"] = step > 0 ? size - 8 : 0;
                    machine.State->Pc = at;
                    var exit = machine.Run(Enough);
                    var address = (step > 0 ? size - 8 : 0) + (ulong)(steps * step);
                    var displacement = access is 0x7f05a503 or 0x7ea5a823 ? 0x7f0 : access == 0x8005a503 ? -0x800 : 0;
                    var target = isa.WordBits == 32 ? (uint)(address + (ulong)displacement) : address + (ulong)displacement;
                    Assert.True((exit == ExitReason.MemoryFault) == (target >= size), $"{access:x8} {steps} steps of {step}: {exit} at {target:x}");
                    at += 256;
                }
        Assert.True(machine.IsIntact());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Loops_that_walk_out_of_the_window_fault_where_they_leave(string engine, string variant, ulong size)
    {
        const uint AddImmediate = 0x00058593, AddRegister = 0x00d585b3; // addi a1, a1, 0; add a1, a1, a3
        var isa = IsaOf(variant);
        if (isa.WordBits == 32 && size == LargeWindow)
            return;
        using var interpreted = new HostileMachine("interpreter", isa, size);
        using var compiled = new HostileMachine(engine, isa, size);
        var at = HostileMachine.Code;
        foreach (var access in (uint[])[0x0005a503, 0x7f05a503, 0x8005a503, 0x00a5a023, 0x7ea5a823, 0x0005a507]) // lw, sw, flw
            foreach (var step in (int[])[4, 2040, -8, -2048, 0])
                foreach (var stride in (ulong[])[1 << 15, 1 << 20, ulong.MaxValue << 17])
                {
                    uint[] loop = [access, step != 0 ? (uint)step << 20 | AddImmediate : AddRegister, 0xfff60613, 0xfe061ae3]; // addi a2, a2, -1; bnez a2, loop
                    foreach (var start in (ulong[])[0, HostileMachine.EdgeBytes - 8, size - 0x2000, size - 8])
                    {
                        foreach (var machine in (HostileMachine[])[interpreted, compiled])
                        {
                            System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(loop).CopyTo(machine.Bytes(at, 16));
                            (machine.Hart["a1"], machine.Hart["a2"], machine.Hart["a3"], machine.State->Pc) = (start, 1 << 15, stride, at);
                            machine.Run(1 << 17);
                        }
                        Assert.Equal("", Difference(interpreted, compiled, engine));
                        Assert.Equal(ExitReason.MemoryFault, compiled.State->Exit);
                    }
                    at += 64;
                }
        Assert.True(compiled.IsIntact());
    }

    // What holds of a register behind a skipped access, or a skipped step, is what holds on both ways there.
    [Theory]
    [MemberData(nameof(Engines))]
    public void Loops_that_skip_accesses_or_steps_do_not_get_out(string engine, string variant, ulong size)
    {
        const uint Skip = 0x00c76463, AddImmediate = 0x00058593, Again = 0xfe0618e3; // bltu a4, a2, 8; addi a1, a1, 0; bnez a2, -16
        const ulong Rounds = 1 << 13;
        var isa = IsaOf(variant);
        if (isa.WordBits == 32 && size == LargeWindow)
            return;
        using var interpreted = new HostileMachine("interpreter", isa, size);
        using var compiled = new HostileMachine(engine, isa, size);
        var at = HostileMachine.Code;
        foreach (var access in (uint[])[0x0005a503, 0x7f05a503, 0x00a5a023]) // lw, sw
            foreach (var step in (int[])[4, 2040, -2048])
                foreach (var skipsAccess in (bool[])[true, false])
                {
                    var move = (uint)step << 20 | AddImmediate;
                    uint[] loop = skipsAccess ? [Skip, access, move, 0xfff60613, Again] : [access, Skip, move, 0xfff60613, Again];
                    foreach (var start in (ulong[])[HostileMachine.EdgeBytes - 8, size - 8])
                        foreach (var skipped in (ulong[])[1, 20, 60, 3000])
                        {
                            foreach (var machine in (HostileMachine[])[interpreted, compiled])
                            {
                                System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(loop).CopyTo(machine.Bytes(at, 20));
                                (machine.Hart["a1"], machine.Hart["a2"], machine.Hart["a4"], machine.State->Pc) = (start, Rounds, Rounds - skipped, at);
                                machine.Run(5 * (long)Rounds);
                            }
                            Assert.Equal("", Difference(interpreted, compiled, engine));
                        }
                    at += 64;
                }
        Assert.True(compiled.IsIntact());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Random_programs_do_not_get_out(string engine, string variant, ulong size)
    {
        if (engine == "interpreter")
            return;
        const ulong ProgramBytes = 256;
        var isa = IsaOf(variant);
        using var interpreted = new HostileMachine("interpreter", isa, size);
        using var compiled = new HostileMachine(engine, isa, size);
        var programs = new HostilePrograms(isa, compiled, 3);
        var faults = 0;
        var most = engine is "block" or "region" ? 400 : 1500;
        for (var number = 0; number < most; number++)
        {
            var start = HostileMachine.Code + (ulong)number * ProgramBytes;
            var at = start;
            foreach (var (bits, length) in programs.Next())
            {
                foreach (var machine in (HostileMachine[])[interpreted, compiled])
                    BitConverter.GetBytes(bits).AsSpan(0, length).CopyTo(machine.Bytes(at, (ulong)length));
                at += (ulong)length;
            }
            for (var round = 0; round < 6; round++)
            {
                for (var register = 1; register < 32; register++)
                {
                    var value = programs.NextValue();
                    interpreted.Hart.SetRegister(0, register, value);
                    compiled.Hart.SetRegister(0, register, value);
                }
                // A fault in a region may have lost the others.
                for (var file = 1; file < isa.RegisterFiles.Count; file++)
                    for (var register = 0; register < isa.RegisterFiles[file].Count; register++)
                        compiled.Hart.SetRegister(file, register, interpreted.Hart.GetRegister(file, register));
                interpreted.State->Pc = compiled.State->Pc = start;
                var exit = interpreted.Run(60);
                faults += exit == ExitReason.MemoryFault ? 1 : 0;
                compiled.Run(60);
                var difference = Difference(interpreted, compiled, engine);
                Assert.True(difference.Length == 0, $"program {number}, round {round}: {difference}\n{Listing(isa, compiled, start, at)}");
            }
        }
        Assert.True(interpreted.IsIntact() && compiled.IsIntact());
        foreach (var edge in (ulong[])[0, size - HostileMachine.EdgeBytes])
            Assert.True(interpreted.Bytes(edge, HostileMachine.EdgeBytes).SequenceEqual(compiled.Bytes(edge, HostileMachine.EdgeBytes)));
        Assert.True(faults > most);
    }

    private static GuestIsa IsaOf(string variant) => variant == "rv64" ? RiscvRv64.Instance : RiscvRv32.Instance;

    private static string Difference(HostileMachine first, HostileMachine second, string engine)
    {
        var a = first.State;
        var b = second.State;
        // A region says what failed, not where and with which registers, and has not counted what it did before.
        if (engine == "region" && a->Exit is ExitReason.MemoryFault or ExitReason.MisalignedAccess)
            return (a->Exit, a->FaultAddress, a->FaultAccess) == (b->Exit, b->FaultAddress, b->FaultAccess) ? "" : $"{b->Exit}, {b->FaultAccess} of {b->FaultAddress:x}";
        if (a->Exit != b->Exit || a->Pc != b->Pc || first.Retired != second.Retired && engine != "region")
            return $"{a->Exit} at {a->Pc:x} after {first.Retired}, {b->Exit} at {b->Pc:x} after {second.Retired}";
        if (a->Exit is ExitReason.MemoryFault or ExitReason.MisalignedAccess && (a->FaultAddress, a->FaultAccess) != (b->FaultAddress, b->FaultAccess))
            return $"{a->FaultAccess} of {a->FaultAddress:x}, {b->FaultAccess} of {b->FaultAddress:x}";
        for (var file = 0; file < first.Hart.Isa.RegisterFiles.Count; file++)
            for (var register = 0; register < first.Hart.Isa.RegisterFiles[file].Count; register++)
                if (first.Hart.GetRegister(file, register) != second.Hart.GetRegister(file, register))
                    return $"{first.Hart.Isa.RegisterFiles[file].Names[register]} = {first.Hart.GetRegister(file, register):x}, {second.Hart.GetRegister(file, register):x}";
        return "";
    }

    private static string Listing(GuestIsa isa, HostileMachine machine, ulong at, ulong end)
    {
        var lines = new List<string>();
        while (at < end)
        {
            var bits = BitConverter.ToUInt32(machine.Bytes(at, 4));
            isa.TryDecode(bits, isa.DefaultExtensions, out var instruction);
            lines.Add($"{at:x}: {isa.Disassemble(instruction, at)}");
            at += (ulong)isa.LengthOf((ushort)bits);
        }
        return string.Join('\n', lines);
    }
}
