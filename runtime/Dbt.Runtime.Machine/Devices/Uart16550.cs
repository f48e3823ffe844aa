using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Devices;

/// <summary>
/// A 16550A serial port with 16-byte FIFOs (National Semiconductor's data sheet PC16550D). Sending takes no time; what the host has typed
/// waits there until the FIFO has room for it.
/// </summary>
internal sealed class Uart16550 : IMmioDevice, ISnapshotable, IDisposable
{
    private const int FifoSize = 16;

    // Interrupt enable and interrupt identification.
    private const byte DataEnable = 0x01, TransmitEnable = 0x02, LineEnable = 0x04, ModemEnable = 0x08;
    private const byte NoInterrupt = 0x01, TransmitInterrupt = 0x02, DataInterrupt = 0x04, LineInterrupt = 0x06, TimeoutInterrupt = 0x0c, ModemInterrupt = 0x00;
    private const byte FifosEnabled = 0xc0;

    private const byte FifoEnable = 0x01, ClearReceiver = 0x02;
    private const byte DivisorAccess = 0x80;
    private const byte Loopback = 0x10;
    private const byte DataReady = 0x01, Overrun = 0x02, TransmitterEmpty = 0x60;
    private const byte ModemDeltas = 0x0f, Connected = 0xb0;

    private readonly Lock _lock = new();
    private readonly IInterruptLine _line;
    private readonly IConsole _console;
    private readonly byte[] _fifo = new byte[FifoSize];
    private int _head, _count, _trigger = 1;
    private ushort _divisor = 1;
    private byte _enable, _lineControl = 3, _modemControl, _scratch, _modemStatus = Connected, _lineErrors;
    private bool _fifos, _transmitPending;

    /// <summary>A port in its state after reset.</summary>
    /// <param name="line">Where it interrupts.</param>
    /// <param name="console">The other end.</param>
    public Uart16550(IInterruptLine line, IConsole console)
    {
        ArgumentNullException.ThrowIfNull(console);
        _line = line;
        _console = console;
        console.InputAvailable += Receive;
    }

    private bool DivisorSelected => (_lineControl & DivisorAccess) != 0;

    private bool IsLooped => (_modemControl & Loopback) != 0;

    // One character where FIFOs are off.
    private int Capacity => _fifos ? FifoSize : 1;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        lock (_lock)
        {
            switch (offset)
            {
                case 0:
                    return DivisorSelected ? (byte)_divisor : TakeCharacter();
                case 1:
                    return DivisorSelected ? (byte)(_divisor >> 8) : _enable;
                case 2:
                    var identification = Identify();
                    if (identification == TransmitInterrupt)
                        _transmitPending = false;
                    Drive();
                    return (byte)(identification | (_fifos ? FifosEnabled : 0));
                case 3:
                    return _lineControl;
                case 4:
                    return _modemControl;
                case 5:
                    var status = (byte)(TransmitterEmpty | _lineErrors | (_count > 0 ? DataReady : 0));
                    _lineErrors = 0;
                    Drive();
                    return status;
                case 6:
                    var modem = _modemStatus;
                    _modemStatus &= unchecked((byte)~ModemDeltas);
                    Drive();
                    return modem;
                case 7:
                    return _scratch;
                default:
                    return 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        var data = (byte)value;
        lock (_lock)
        {
            switch (offset)
            {
                case 0 when DivisorSelected:
                    _divisor = (ushort)(_divisor & 0xff00 | data);
                    break;
                case 0:
                    Transmit(data);
                    break;
                case 1 when DivisorSelected:
                    _divisor = (ushort)(_divisor & 0xff | data << 8);
                    break;
                case 1:
                    // The transmitter is always empty: who asks to be told so is told at once.
                    if ((data & ~_enable & TransmitEnable) != 0)
                        _transmitPending = true;
                    _enable = (byte)(data & 0x0f);
                    break;
                case 2:
                    ControlFifos(data);
                    break;
                case 3:
                    _lineControl = data;
                    break;
                case 4:
                    _modemControl = (byte)(data & 0x1f);
                    SetModemStatus(IsLooped ? LoopedStatus() : Connected);
                    break;
                case 7:
                    _scratch = data;
                    break;
            }
            Refill();
            Drive();
        }
    }

    /// <summary>Takes no more from the console: another machine may.</summary>
    public void Dispose() => _console.InputAvailable -= Receive;

    /// <inheritdoc/>
    public string SnapshotName => "uart";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            writer.Write(_fifo);
            writer.Write([(uint)_head, (uint)_count, (uint)_trigger, _divisor]);
            writer.Write((ReadOnlySpan<byte>)[_enable, _lineControl, _modemControl, _scratch, _modemStatus, _lineErrors]);
            writer.Write(_fifos);
            writer.Write(_transmitPending);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        lock (_lock)
        {
            Span<uint> numbers = stackalloc uint[4];
            Span<byte> registers = stackalloc byte[6], typed = stackalloc byte[FifoSize];
            var early = _count;
            for (var i = 0; i < early; i++)
                typed[i] = _fifo[(_head + i) % FifoSize];
            reader.Read(_fifo);
            reader.Read(numbers);
            reader.Read(registers);
            (_head, _count, _trigger, _divisor) = ((int)numbers[0] % FifoSize, (int)Math.Min(numbers[1], FifoSize), (int)numbers[2], (ushort)numbers[3]);
            (_enable, _lineControl, _modemControl, _scratch, _modemStatus, _lineErrors) = (registers[0], registers[1], registers[2], registers[3], registers[4], registers[5]);
            (_fifos, _transmitPending) = (reader.ReadBoolean(), reader.ReadBoolean());
            // What was typed since this machine was made comes behind what the other one had not read.
            for (var i = 0; i < early && _count < FifoSize; i++)
                _fifo[(_head + _count++) % FifoSize] = typed[i];
            Refill();
            Drive();
        }
    }

    private void Receive()
    {
        lock (_lock)
        {
            Refill();
            Drive();
        }
    }

    private void Refill()
    {
        Span<byte> typed = stackalloc byte[FifoSize];
        if (IsLooped || _count >= Capacity)
            return;
        var read = _console.Read(typed[..(Capacity - _count)]);
        foreach (var character in typed[..read])
            Append(character);
    }

    private void Append(byte character)
    {
        if (_count >= Capacity)
        {
            _lineErrors |= Overrun;
            return;
        }
        _fifo[(_head + _count++) % FifoSize] = character;
    }

    private byte TakeCharacter()
    {
        if (_count == 0)
            return 0;
        var character = _fifo[_head];
        _head = (_head + 1) % FifoSize;
        _count--;
        Refill();
        Drive();
        return character;
    }

    private void Transmit(byte character)
    {
        if (IsLooped)
            Append(character);
        else
            _console.Write([character]);
        _transmitPending = true;
    }

    private void ControlFifos(byte data)
    {
        var enabled = (data & FifoEnable) != 0;
        if (enabled != _fifos || (data & ClearReceiver) != 0)
            _count = 0;
        _fifos = enabled;
        _trigger = !enabled ? 1 : (data >> 6) switch { 0 => 1, 1 => 4, 2 => 8, _ => 14 };
    }

    // In loopback the outputs are the inputs: RTS is CTS, DTR is DSR, OUT1 is RI, OUT2 is DCD.
    private byte LoopedStatus() =>
        (byte)((_modemControl & 0x02) << 3 | (_modemControl & 0x01) << 5 | (_modemControl & 0x0c) << 4);

    private void SetModemStatus(byte lines)
    {
        var changed = (_modemStatus ^ lines) >> 4;
        // Of the ring indicator only the end counts.
        if ((lines & 0x40) != 0)
            changed &= ~0x04;
        _modemStatus = (byte)(lines | _modemStatus & ModemDeltas | changed);
    }

    // The highest of what is pending and enabled.
    private byte Identify()
    {
        if ((_enable & LineEnable) != 0 && _lineErrors != 0)
            return LineInterrupt;
        if ((_enable & DataEnable) != 0 && _count > 0)
            return _count >= _trigger ? DataInterrupt : TimeoutInterrupt;
        if ((_enable & TransmitEnable) != 0 && _transmitPending)
            return TransmitInterrupt;
        return (_enable & ModemEnable) != 0 && (_modemStatus & ModemDeltas) != 0 ? ModemInterrupt : NoInterrupt;
    }

    private void Drive() => _line.Set(Identify() != NoInterrupt);
}
