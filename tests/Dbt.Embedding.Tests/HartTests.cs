using System.Buffers.Binary;

namespace Dbt.Embedding.Tests;

public class HartTests
{
    private const ulong Code = 0x8000_0000, Device = 0x4000_0000;

    [Fact]
    public void Registers_have_names()
    {
        using var machine = new VirtualMachine();
        var hart = machine.CreateHart();
        (hart["a0"], hart["x11"], hart["fa0"], hart["pc"], hart["zero"]) = (1, 2, 3, 4, 5);
        Assert.Equal((1UL, 2UL, 3UL, 4UL, 0UL), (hart["x10"], hart["a1"], hart["f10"], hart.Pc, hart["x0"]));
        Assert.Throws<ArgumentException>(() => hart["rax"]);
    }

    [Fact]
    public void A_budget_is_exact()
    {
        using var machine = Raw(0x00150513, 0xffdff06f); // addi a0,a0,1; j .-4
        var hart = machine.CreateHart();
        hart.Pc = Code;
        for (var i = 1UL; i < 1000; i++)
        {
            Assert.Equal(HartExitReason.Budget, hart.Run(7).Reason);
            Assert.Equal((7 * i + 1) / 2, hart["a0"]);
        }
        Assert.Equal(7 * 999, hart.Instructions);
        Assert.Equal(HartExitReason.Budget, hart.Run(0).Reason);
    }

    [Fact]
    public async Task A_run_can_be_canceled_and_goes_on()
    {
        using var machine = Raw(0x0000006f); // j .
        var hart = machine.CreateHart();
        hart.Pc = Code;
        using var source = new CancellationTokenSource();
        var run = hart.RunAsync(cancellation: source.Token);
        Assert.Throws<InvalidOperationException>(() =>
        {
            SpinWait.SpinUntil(() => run.Status == TaskStatus.Running);
            Thread.Sleep(20);
            hart.Run();
        });
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        run = hart.RunAsync();
        hart.Stop();
        Assert.Equal(HartExitReason.Stopped, (await run).Reason);
    }

    [Fact]
    public void Calls_come_out_without_a_handler_and_go_on_behind_them()
    {
        using var machine = Raw(0x00000073, 0x00150513, 0x00000073); // ecall; addi a0,a0,1; ecall
        var hart = machine.CreateHart();
        hart.Pc = Code;
        hart["a7"] = 9;
        var exit = hart.Run();
        Assert.Equal((HartExitReason.Hypercall, Code, 9UL), (exit.Reason, exit.Pc, hart.CallNumber));
        hart.SetResult(20);
        exit = hart.Run();
        Assert.Equal((HartExitReason.Hypercall, Code + 8, 21UL), (exit.Reason, exit.Pc, hart["a0"]));
        hart.Pc = Code;
        machine.Hypercall = caller => caller.Halt();
        Assert.Equal(HartExitReason.Halt, hart.Run().Reason);
        Assert.Equal(Code + 4, hart.Pc);
    }

    public static TheoryData<uint, int, ulong, ulong> Loads => new()
    {
        { 0x0005b503, 8, 0x8877_6655_4433_2211, 0x8877_6655_4433_2211 }, // ld a0,0(a1)
        { 0x0005a503, 4, 0x8877_6655_8433_2211, 0xffff_ffff_8433_2211 }, // lw
        { 0x0005e503, 4, 0x8877_6655_8433_2211, 0x8433_2211 }, // lwu
        { 0x00059503, 2, 0x8877_6655_4433_f211, 0xffff_ffff_ffff_f211 }, // lh
        { 0x0005c503, 1, 0x8877_6655_4433_22f1, 0xf1 }, // lbu
    };

    [Theory]
    [MemberData(nameof(Loads))]
    public void Loads_from_gaps_come_out_and_are_completed(uint instruction, int size, ulong value, ulong result)
    {
        using var machine = Raw(instruction, 0x00000073);
        var hart = machine.CreateHart();
        (hart.Pc, hart["a1"]) = (Code, Device);
        for (var i = 0; i < 2; i++)
            Assert.Equal(new HartExit { Reason = HartExitReason.Mmio, Pc = Code, Address = Device, Size = size, Access = MemoryAccess.Read }, hart.Run());
        hart.CompleteMmio(value);
        Assert.Throws<InvalidOperationException>(() => hart.CompleteMmio(value));
        Assert.Equal(HartExitReason.Hypercall, hart.Run().Reason);
        Assert.Equal(result, hart["a0"]);
    }

    [Fact]
    public void Stores_to_gaps_come_out_and_memory_may_be_mapped_instead()
    {
        using var machine = Raw(0x00a5b023, 0x00a59123, 0x00000073); // sd a0,0(a1); sh a0,2(a1); ecall
        var hart = machine.CreateHart();
        (hart.Pc, hart["a0"], hart["a1"]) = (Code, 0x1234_5678_9abc_def0, Device);
        var exit = hart.Run();
        Assert.Equal((Device, 8, 0x1234_5678_9abc_def0UL, MemoryAccess.Write), (exit.Address, exit.Size, exit.Value, exit.Access));
        hart.CompleteMmio();
        exit = hart.Run();
        Assert.Equal((Device + 2, 2, 0xdef0UL), (exit.Address, exit.Size, exit.Value));
        var slot = machine.MapMemory(Device, 0x1000);
        Assert.Equal(HartExitReason.Hypercall, hart.Run().Reason);
        Assert.Equal(0xdef0_0000U, BinaryPrimitives.ReadUInt32LittleEndian(slot.Span));
        slot.Remove();
        hart.Pc = Code;
        Assert.Equal(HartExitReason.Mmio, hart.Run().Reason);
        Assert.Throws<InvalidOperationException>(() => slot.Span.Length);
    }

    [Fact]
    public void Devices_answer_and_their_exceptions_come_out()
    {
        using var machine = Raw(0x0005a503, 0x00a5a223, 0x00000073); // lw a0,0(a1); sw a0,4(a1); ecall
        var hart = machine.CreateHart();
        var stored = 0UL;
        machine.MapDevice(Device, 8, (offset, size) => 100 + offset + (ulong)size, (offset, size, value) => stored = offset * 1000 + value);
        Assert.Throws<ArgumentException>(() => machine.MapMemory(Device, 0x1000));
        Assert.Throws<ArgumentException>(() => machine.MapDevice(Code, 1, null, null));
        (hart.Pc, hart["a1"]) = (Code, Device);
        Assert.Equal(HartExitReason.Hypercall, hart.Run().Reason);
        Assert.Equal((104UL, 4104UL), (hart["a0"], stored));
        machine.MapDevice(Device + 0x1000, 8, (_, _) => throw new TimeoutException(), null);
        (hart.Pc, hart["a1"]) = (Code, Device + 0x1000);
        Assert.Throws<TimeoutException>(() => hart.Run());
        Assert.Equal(Code, hart.Pc);
    }

    [Fact]
    public void Floating_point_registers_are_loaded_from_devices()
    {
        using var machine = new VirtualMachine();
        machine.Load(TestGuests.Functions);
        machine.MapDevice(Device, 8, (_, _) => BitConverter.DoubleToUInt64Bits(2.5), null);
        machine.Call("load_double", Device);
        Assert.Equal(2.5, BitConverter.UInt64BitsToDouble(machine.Harts[0]["fa0"]));
        // An atomic access is for memory.
        Assert.Equal(FaultKind.Memory, Assert.Throws<GuestException>(() => machine.Call("exchange", Device, 1)).Exit.Fault);
    }

    [Fact]
    public void Accesses_at_the_edges_of_everything_harm_nobody()
    {
        using var machine = Raw(0x0005b503, 0x00000073);
        var hart = machine.CreateHart();
        ulong[] edges = [0, 1UL << 36, (1UL << 36) - 4096, (1UL << 36) - 4, ulong.MaxValue - 7, ulong.MaxValue - 3, 1UL << 63, Code - 4, Code + 0xffc, 1UL << 46, 0x7fff_ffff_ffff];
        foreach (var edge in edges)
        {
            (hart.Pc, hart["a1"]) = (Code, edge);
            var exit = hart.Run();
            Assert.True(exit.Reason is HartExitReason.Mmio or HartExitReason.Fault, $"{edge:x}: {exit}");
            Assert.Equal(Code, hart.Pc);
            hart.Pc = edge;
            Assert.Equal(HartExitReason.Fault, hart.Run().Reason);
        }
    }

    [Fact]
    public void Memory_is_limited_and_read_only_memory_is()
    {
        using var machine = new VirtualMachine(new VirtualMachineOptions { MemoryLimit = 1 << 20 });
        Assert.Throws<InsufficientMemoryException>(() => machine.MapMemory(0, 2 << 20));
        var slot = machine.MapMemory(Code, 0x1000, MemoryAccess.Execute, [0x23, 0xb0, 0xa5, 0x00]); // sd a0,0(a1)
        Assert.Throws<InvalidOperationException>(() => slot.Span.Length);
        Assert.False(machine.TryWrite(Code, [0]));
        var hart = machine.CreateHart();
        (hart.Pc, hart["a1"]) = (Code, Code);
        var exit = hart.Run();
        Assert.Equal((HartExitReason.Fault, FaultKind.Memory, Code, MemoryAccess.Write), (exit.Reason, exit.Fault, exit.Address, exit.Access));
        Assert.Throws<ArgumentException>(() => machine.MapMemory(Code, 0x1000));
        Assert.Throws<ArgumentException>(() => machine.MapMemory(Code + 1, 0x1000));
        Assert.Throws<ArgumentException>(() => machine.MapMemory(ulong.MaxValue - 0xfff, 0x1000));
    }

    [Fact]
    public void Code_that_the_host_writes_is_seen()
    {
        using var machine = Raw(0x00100513, 0x00000073); // li a0,1; ecall
        var hart = machine.CreateHart();
        Span<byte> code = stackalloc byte[4];
        for (var i = 0U; i < 100; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(code, 0x00000513 | i << 20);
            machine.Write(Code, code);
            hart.Pc = Code;
            Assert.Equal(HartExitReason.Hypercall, hart.Run().Reason);
            Assert.Equal(i, hart["a0"]);
        }
    }

    [Fact]
    public void Capabilities_can_be_asked_for()
    {
        Assert.Equal(1, Hypervisor.ApiVersion);
        Assert.Equal(1, Hypervisor.Query(Capability.BareGuests));
        Assert.Equal(0, Hypervisor.Query((Capability)12345));
        Assert.Contains("rv64", Hypervisor.Guests);
        Assert.Contains("virt-1", Hypervisor.Machines);
    }

    private static VirtualMachine Raw(params ReadOnlySpan<uint> words)
    {
        var machine = new VirtualMachine(new VirtualMachineOptions { Engine = EngineKind.Compiler });
        machine.MapMemory(Code, 0x1000, MemoryAccess.All, System.Runtime.InteropServices.MemoryMarshal.AsBytes(words));
        return machine;
    }
}
