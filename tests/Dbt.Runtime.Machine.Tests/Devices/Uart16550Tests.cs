using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Tests.Fakes;

namespace Dbt.Runtime.Machine.Tests.Devices;

public sealed class Uart16550Tests
{
    private readonly FakeConsole _console = new();
    private readonly FakeLine _line = new();
    private readonly Uart16550 _uart;

    public Uart16550Tests() => _uart = new(_line, _console);

    [Fact]
    public void What_is_sent_is_printed()
    {
        foreach (var character in "hello")
            _uart.Write(0, 1, character);
        Assert.Equal("hello", _console.Printed);
        Assert.Equal(0x60u, _uart.Read(5, 1));
    }

    [Fact]
    public void The_divisor_hides_data_and_interrupt_enable()
    {
        _uart.Write(1, 1, 0x05);
        _uart.Write(3, 1, 0x83);
        _uart.Write(0, 1, 0x34);
        _uart.Write(1, 1, 0x12);
        Assert.Equal((0x34u, 0x12u), (_uart.Read(0, 1), _uart.Read(1, 1)));
        _uart.Write(3, 1, 0x03);
        Assert.Equal(0x05u, _uart.Read(1, 1));
        Assert.Empty(_console.Printed);
    }

    [Fact]
    public void Typing_interrupts_until_all_is_read()
    {
        _uart.Write(2, 1, 0x01);
        _uart.Write(1, 1, 0x01);
        Assert.False(_line.Level);
        _console.Type("ab");
        Assert.True(_line.Level);
        Assert.Equal(0x61u, _uart.Read(5, 1));
        Assert.Equal('a', (char)_uart.Read(0, 1));
        Assert.True(_line.Level);
        Assert.Equal('b', (char)_uart.Read(0, 1));
        Assert.False(_line.Level);
        Assert.Equal(0x60u, _uart.Read(5, 1));
    }

    [Fact]
    public void The_FIFO_takes_16_and_the_rest_waits_at_the_host()
    {
        _uart.Write(2, 1, 0xc1);
        _console.Type("0123456789abcdefgh");
        Assert.Equal(2, _console.Waiting);
        Assert.Equal("0123456789abcdefgh", string.Concat(Enumerable.Range(0, 18).Select(_ => (char)_uart.Read(0, 1))));
    }

    [Fact]
    public void Without_FIFOs_one_character_is_taken_at_a_time()
    {
        _console.Type("xyz");
        Assert.Equal(2, _console.Waiting);
        Assert.Equal('x', (char)_uart.Read(0, 1));
        Assert.Equal('y', (char)_uart.Read(0, 1));
    }

    [Theory]
    [InlineData(0x01, 1, 0xc4)]
    [InlineData(0x41, 3, 0xcc)] // below the trigger level: the timeout of the FIFO
    [InlineData(0x41, 4, 0xc4)]
    [InlineData(0xc1, 13, 0xcc)]
    [InlineData(0xc1, 14, 0xc4)]
    public void The_trigger_level_decides_between_data_and_timeout(byte control, int typed, ulong identification)
    {
        _uart.Write(2, 1, control);
        _uart.Write(1, 1, 0x01);
        _console.Type(new string('x', typed));
        Assert.Equal(identification, _uart.Read(2, 1));
    }

    [Fact]
    public void An_empty_transmitter_interrupts_once_until_the_next_character()
    {
        _uart.Write(1, 1, 0x02);
        Assert.True(_line.Level);
        Assert.Equal(0x02u, _uart.Read(2, 1));
        Assert.False(_line.Level);
        Assert.Equal(0x01u, _uart.Read(2, 1));
        _uart.Write(0, 1, 'x');
        Assert.True(_line.Level);
        _uart.Write(1, 1, 0x00);
        Assert.False(_line.Level);
    }

    [Fact]
    public void Interrupts_are_identified_by_priority()
    {
        _uart.Write(4, 1, 0x10);
        _uart.Write(6, 1, 0);
        _uart.Write(1, 1, 0x0f);
        _uart.Write(0, 1, 'a');
        _uart.Write(0, 1, 'b'); // overruns the one before
        Assert.Equal(0x06u, _uart.Read(2, 1));
        Assert.Equal(0x63u, _uart.Read(5, 1));
        Assert.Equal(0x04u, _uart.Read(2, 1));
        Assert.Equal('a', (char)_uart.Read(0, 1));
        Assert.Equal(0x02u, _uart.Read(2, 1));
        Assert.Equal(0x00u, _uart.Read(2, 1));
        _uart.Read(6, 1);
        Assert.Equal(0x01u, _uart.Read(2, 1));
        Assert.Empty(_console.Printed);
    }

    [Fact]
    public void Loopback_turns_outputs_into_inputs()
    {
        _uart.Write(4, 1, 0x1a); // RTS and OUT2
        Assert.Equal(0x90u, _uart.Read(6, 1) & 0xf0);
        _uart.Write(4, 1, 0x0b);
        Assert.Equal(0xb0u, _uart.Read(6, 1) & 0xf0);
    }

    [Fact]
    public void The_scratch_register_keeps_what_it_is_given()
    {
        _uart.Write(7, 1, 0xa5);
        Assert.Equal(0xa5u, _uart.Read(7, 1));
    }
}
