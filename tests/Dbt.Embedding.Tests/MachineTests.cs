using System.Text;
using Dbt.Embedding.Machines;

namespace Dbt.Embedding.Tests;

public class MachineTests
{
    [Fact]
    public void A_kernel_prints_and_switches_the_machine_off()
    {
        var output = new StringBuilder();
        using var machine = new BootedMachine(new MachineOptions
        {
            Kernel = Image(
                0x10000537, // lui a0, 0x10000: the serial port
                0x04800593, 0x00b50023, // li a1, 'H'; sb a1,0(a0)
                0x06900593, 0x00b50023, // li a1, 'i'; sb a1,0(a0)
                0x00100537, // lui a0, 0x100: the test device
                0x000055b7, 0x5555859b, 0x00b52023, // li a1, 0x5555; sw a1,0(a0): pass
                0x0000006f), // j .
            Memory = 16 << 20,
            Output = bytes => output.Append(Encoding.ASCII.GetString(bytes.Span)),
        });
        Assert.Equal(new MachineExit(0, false), machine.Run());
        Assert.Equal("Hi", output.ToString());
        Assert.Throws<InvalidOperationException>(() => machine.Run());
    }

    [Fact]
    public void A_machine_is_stopped_by_its_token()
    {
        using var machine = new BootedMachine(new MachineOptions { Kernel = Image(0x0000006f), Memory = 16 << 20, Harts = 2 });
        using var source = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => machine.Run(source.Token));
    }

    [Fact]
    public void What_cannot_be_booted_is_told()
    {
        Assert.Throws<MachineException>(() => new BootedMachine(new MachineOptions { Kernel = Image(), Machine = "virt-0" }));
        Assert.Throws<MachineException>(() => new BootedMachine(new MachineOptions { Kernel = Image(), Harts = 0 }));
        Assert.Throws<MachineException>(() => new BootedMachine(new MachineOptions { Kernel = Image(), Disks = [new MachineDisk("/no/such/disk")] }));
        Assert.Throws<MachineException>(() => new BootedMachine(new MachineOptions { Kernel = Image(), Networks = [new MachineNetwork { Forwards = ["nonsense"] }] }));
        using var machine = new BootedMachine(new MachineOptions { Kernel = new byte[100] });
        Assert.Throws<MachineException>(() => machine.Run());
    }

    // A Linux Image whose header is code that jumps over itself.
    private static byte[] Image(params ReadOnlySpan<uint> code)
    {
        var image = new byte[4096];
        BitConverter.TryWriteBytes(image, 0x0400006f); // j .+64
        BitConverter.TryWriteBytes(image.AsSpan(8), 0x20_0000UL);
        BitConverter.TryWriteBytes(image.AsSpan(16), 4096UL);
        "RSC\x05"u8.CopyTo(image.AsSpan(56));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(code).CopyTo(image.AsSpan(64));
        return image;
    }
}
