using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>An interrupt domain of an <see cref="Aplic"/>: which sources it has, what they do, and how harts hear of them.</summary>
internal sealed class AplicDomain : IMmioDevice
{
    /// <summary>Bytes of registers, for up to 512 harts.</summary>
    public const ulong Length = 0x8000;

    private const ulong DomainConfiguration = 0x0000, SourceStart = 0x0004, SetPending = 0x1c00, SetPendingNumber = 0x1cdc, ClearPending = 0x1d00, ClearPendingNumber = 0x1ddc;
    private const ulong SetEnabled = 0x1e00, SetEnabledNumber = 0x1edc, ClearEnabled = 0x1f00, ClearEnabledNumber = 0x1fdc, SetPendingLittleEndian = 0x2000;
    private const ulong SendMessage = 0x3000, TargetStart = 0x3004, DeliveryStart = 0x4000, DeliveryStride = 32;
    private const uint ConfigurationFixed = 0x8000_0000, InterruptEnable = 0x100, DeliverMessages = 0x4;
    private const uint Delegate = 0x400, ModeMask = 7, Inactive = 0, Detached = 1, Edge1 = 4, Edge0 = 5, Level1 = 6, Level0 = 7;
    private const uint LowestPriority = 255;

    private readonly Lock _lock;
    private readonly IReadOnlyList<IInterruptTarget> _harts;
    private readonly InterruptInput _input;
    private readonly IReadOnlyList<InterruptFile>? _files;
    private readonly AplicDomain? _child;
    private readonly Source[] _sources;
    private readonly Delivery[] _deliveries;
    private bool _isEnabled;

    /// <summary>A domain that has no sources yet.</summary>
    public AplicDomain(Lock sync, IReadOnlyList<IInterruptTarget> harts, int sources, InterruptInput input, IReadOnlyList<InterruptFile>? files, AplicDomain? child)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sources, 1023);
        (_lock, _harts, _input, _files, _child) = (sync, harts, input, files, child);
        _sources = new Source[sources + 1];
        _deliveries = new Delivery[harts.Count];
    }

    // Harts are interrupted directly where there are no files, by messages where there are.
    private bool IsDirect => _files is null;

    /// <summary>The domain that the wires lead to first: it has all sources.</summary>
    public void Own()
    {
        foreach (ref var source in _sources.AsSpan(1))
            source.IsPresent = true;
    }

    /// <summary>Gives all sources to the child.</summary>
    public void DelegateAll()
    {
        for (var source = 1; source < _sources.Length; source++)
            Configure(source, Delegate);
    }

    /// <summary>A wire changed; under the lock.</summary>
    public void SetInput(int number, bool level)
    {
        ref var source = ref _sources[number];
        var rectified = source.Rectified;
        source.Input = level;
        if ((source.Configuration & Delegate) != 0)
            _child?.SetInput(number, level);
        else
            Follow(number, rectified);
    }

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size)
    {
        if (size != 4)
            return 0;
        lock (_lock)
        {
            return offset switch
            {
                DomainConfiguration => ConfigurationFixed | (_isEnabled ? InterruptEnable : 0) | (IsDirect ? 0 : DeliverMessages),
                >= SourceStart and < 0x1000 => At(offset / 4) is { IsPresent: true } source ? source.Configuration : 0,
                >= SetPending and < SetPending + 0x80 => Bits(offset - SetPending, static source => source.IsPending),
                >= ClearPending and < ClearPending + 0x80 => Bits(offset - ClearPending, static source => source.Rectified),
                >= SetEnabled and < SetEnabled + 0x80 => Bits(offset - SetEnabled, static source => source.IsEnabled),
                >= TargetStart and < DeliveryStart => At((offset - SendMessage) / 4) is { IsActive: true } source ? source.Target : 0,
                >= DeliveryStart => ReadDelivery(offset - DeliveryStart),
                _ => 0,
            };
        }
    }

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size != 4)
            return;
        lock (_lock)
        {
            switch (offset)
            {
                case DomainConfiguration:
                    _isEnabled = (value & InterruptEnable) != 0;
                    break;
                case >= SourceStart and < 0x1000:
                    Configure((int)(offset / 4), (uint)value);
                    break;
                case >= SetPending and < SetPending + 0x80:
                    ForEach(offset - SetPending, value, source => Pend(source, true));
                    break;
                case SetPendingNumber or SetPendingLittleEndian:
                    Pend(value, true);
                    break;
                case >= ClearPending and < ClearPending + 0x80:
                    ForEach(offset - ClearPending, value, source => Pend(source, false));
                    break;
                case ClearPendingNumber:
                    Pend(value, false);
                    break;
                case >= SetEnabled and < SetEnabled + 0x80:
                    ForEach(offset - SetEnabled, value, source => Enable(source, true));
                    break;
                case SetEnabledNumber:
                    Enable(value, true);
                    break;
                case >= ClearEnabled and < ClearEnabled + 0x80:
                    ForEach(offset - ClearEnabled, value, source => Enable(source, false));
                    break;
                case ClearEnabledNumber:
                    Enable(value, false);
                    break;
                case SendMessage when !IsDirect:
                    Send((uint)value);
                    break;
                case >= TargetStart and < DeliveryStart:
                    SetTarget((offset - SendMessage) / 4, (uint)value);
                    break;
                case >= DeliveryStart:
                    WriteDelivery(offset - DeliveryStart, (uint)value);
                    break;
            }
            Deliver();
        }
    }

    /// <summary>Writes its state; under the lock.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(_isEnabled);
        foreach (var source in _sources)
            writer.Write([source.Flags, source.Configuration, source.Target]);
        foreach (var delivery in _deliveries)
            writer.Write([delivery.IsEnabled ? 1u : 0, delivery.IsForced ? 1u : 0, delivery.Threshold]);
    }

    /// <summary>Takes it up again; under the lock.</summary>
    public void Load(SnapshotReader reader)
    {
        Span<uint> numbers = stackalloc uint[3];
        _isEnabled = reader.ReadBoolean();
        foreach (ref var source in _sources.AsSpan())
        {
            reader.Read(numbers);
            source = new Source { Flags = numbers[0], Configuration = numbers[1], Target = numbers[2] };
        }
        foreach (ref var delivery in _deliveries.AsSpan())
        {
            reader.Read(numbers);
            delivery = new Delivery { IsEnabled = numbers[0] != 0, IsForced = numbers[1] != 0, Threshold = numbers[2] };
        }
        Deliver();
    }

    private Source At(ulong number) => number < (ulong)_sources.Length ? _sources[number] : default;

    private uint Bits(ulong offset, Func<Source, bool> test)
    {
        var bits = 0u;
        for (var bit = 0; bit < 32; bit++)
        {
            if (At(offset * 8 + (ulong)bit) is { IsActive: true } source && test(source))
                bits |= 1u << bit;
        }
        return bits;
    }

    private static void ForEach(ulong offset, ulong value, Action<ulong> action)
    {
        for (var bit = 0; bit < 32; bit++)
        {
            if ((value & 1UL << bit) != 0)
                action(offset * 8 + (ulong)bit);
        }
    }

    private void Configure(int number, uint value)
    {
        if (number >= _sources.Length || !_sources[number].IsPresent)
            return;
        ref var source = ref _sources[number];
        var isDelegated = (value & Delegate) != 0 && _child is not null;
        var mode = value & ModeMask;
        var rectified = source.Rectified;
        source.Configuration = isDelegated ? Delegate : mode is 2 or 3 ? Inactive : mode;
        _child?.Receive(number, isDelegated, source.Input);
        if (!source.IsActive)
            source = new Source { IsPresent = true, Input = source.Input, Configuration = source.Configuration };
        else
            Follow(number, rectified);
    }

    // The parent gives a source, or takes it back.
    private void Receive(int number, bool isPresent, bool input)
    {
        if (_sources[number].IsPresent != isPresent)
            _sources[number] = new Source { IsPresent = isPresent };
        _sources[number].Input = input;
        Deliver();
    }

    // The input changed, or what it means: edges and levels become pending.
    private void Follow(int number, bool before)
    {
        ref var source = ref _sources[number];
        var now = source.Rectified;
        if (source.IsLevel && IsDirect)
            source.IsPending = now;
        else if (now && !before)
            source.IsPending = true;
        else if (source.IsLevel && !now)
            source.IsPending = false;
        Deliver();
    }

    private void Pend(ulong number, bool pending)
    {
        if (!At(number).IsActive)
            return;
        ref var source = ref _sources[number];
        // A level that interrupts directly is what it is; one that is sent can be sent again while it lasts.
        if (!source.IsLevel || !IsDirect && (!pending || source.Rectified))
            source.IsPending = pending;
    }

    private void Enable(ulong number, bool enabled)
    {
        if (At(number).IsActive)
            _sources[number].IsEnabled = enabled;
    }

    private void SetTarget(ulong number, uint value)
    {
        if (!At(number).IsActive)
            return;
        // Of 0, the lowest number that there is: priorities count from 1.
        _sources[number].Target = IsDirect ? value & 0xfffc_0000 | Math.Max(value & LowestPriority, 1) : value & 0xfffc_07ff;
    }

    private void Deliver()
    {
        if (IsDirect)
        {
            for (var hart = 0; hart < _harts.Count; hart++)
                _harts[hart].SetPending(_input, _isEnabled && _deliveries[hart].IsEnabled && (_deliveries[hart].IsForced || Top(hart) != 0));
            return;
        }
        for (var number = 1; _isEnabled && number < _sources.Length; number++)
        {
            if (_sources[number] is not { IsPending: true, IsEnabled: true } source)
                continue;
            _sources[number].IsPending = false;
            Send(source.Target);
        }
    }

    private void Send(uint target)
    {
        if (target >> 18 < (uint)_files!.Count)
            _files[(int)(target >> 18)].Signal(target & 0x7ff);
    }

    // The most urgent of what is pending and enabled for a hart: its number, and its priority; 0 for none.
    private uint Top(int hart)
    {
        var (best, priority) = (0u, _deliveries[hart].Threshold == 0 ? LowestPriority + 1 : _deliveries[hart].Threshold);
        for (var number = 1; number < _sources.Length; number++)
        {
            if (_sources[number] is { IsPending: true, IsEnabled: true } source && source.Target >> 18 == (uint)hart && (source.Target & LowestPriority) < priority)
                (best, priority) = ((uint)number, source.Target & LowestPriority);
        }
        return best == 0 ? 0 : best << 16 | priority;
    }

    private uint ReadDelivery(ulong offset)
    {
        const ulong idelivery = 0, iforce = 4, ithreshold = 8, topi = 0x18, claimi = 0x1c;
        var hart = (int)(offset / DeliveryStride);
        if (!IsDirect || hart >= _deliveries.Length)
            return 0;
        switch (offset % DeliveryStride)
        {
            case idelivery:
                return _deliveries[hart].IsEnabled ? 1u : 0;
            case iforce:
                return _deliveries[hart].IsForced ? 1u : 0;
            case ithreshold:
                return _deliveries[hart].Threshold;
            case topi:
                return Top(hart);
            case claimi:
                var top = Top(hart);
                if (top == 0)
                    _deliveries[hart].IsForced = false;
                else if (!_sources[top >> 16].IsLevel)
                    _sources[top >> 16].IsPending = false;
                Deliver();
                return top;
            default:
                return 0;
        }
    }

    private void WriteDelivery(ulong offset, uint value)
    {
        const ulong idelivery = 0, iforce = 4, ithreshold = 8;
        var hart = (int)(offset / DeliveryStride);
        if (!IsDirect || hart >= _deliveries.Length)
            return;
        switch (offset % DeliveryStride)
        {
            case idelivery:
                _deliveries[hart].IsEnabled = (value & 1) != 0;
                break;
            case iforce:
                _deliveries[hart].IsForced = (value & 1) != 0;
                break;
            case ithreshold:
                _deliveries[hart].Threshold = value & LowestPriority;
                break;
        }
    }

    private struct Source
    {
        public bool IsPresent, Input, IsPending, IsEnabled;
        public uint Configuration, Target;

        /// <summary>What is true of it, as bits: for snapshots.</summary>
        public uint Flags
        {
            readonly get => (IsPresent ? 1u : 0) | (Input ? 2u : 0) | (IsPending ? 4u : 0) | (IsEnabled ? 8u : 0);
            set => (IsPresent, Input, IsPending, IsEnabled) = ((value & 1) != 0, (value & 2) != 0, (value & 4) != 0, (value & 8) != 0);
        }

        /// <summary>Whether it can interrupt in this domain.</summary>
        public readonly bool IsActive => IsPresent && (Configuration & Delegate) == 0 && Configuration != Inactive;

        public readonly bool IsLevel => Configuration is Level0 or Level1;

        /// <summary>The input, turned around where low means attention; low where it does not count.</summary>
        public readonly bool Rectified => Configuration switch
        {
            Edge1 or Level1 => Input,
            Edge0 or Level0 => !Input,
            Detached or Inactive or _ => false,
        };
    }

    private struct Delivery
    {
        public bool IsEnabled, IsForced;
        public uint Threshold;
    }
}
