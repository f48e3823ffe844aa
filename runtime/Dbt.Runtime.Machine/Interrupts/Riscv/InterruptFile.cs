using System.Numerics;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>
/// The interrupt file of one hart at one privilege level (RISC-V Advanced Interrupt Architecture 1.0, chapter 3): a set of identities that
/// messages make pending. The hart reaches its registers through CSRs. Safe from any thread.
/// </summary>
public sealed class InterruptFile
{
    /// <summary>The highest identity; they are numbered from 1.</summary>
    public const int Identities = 255;

    private const int Delivery = 0x70, Threshold = 0x72, PendingStart = 0x80, EnableStart = 0xc0, End = 0x100, BitsPerWord = 64;

    private readonly Lock _lock = new();
    private readonly IInterruptTarget _hart;
    private readonly InterruptInput _input;
    private readonly ulong[] _pending = new ulong[(Identities + 1) / BitsPerWord], _enabled = new ulong[(Identities + 1) / BitsPerWord];
    private uint _threshold;
    private bool _delivers;

    /// <summary>A file that delivers nothing.</summary>
    /// <param name="hart">The hart.</param>
    /// <param name="input">Which of its inputs the file drives.</param>
    public InterruptFile(IInterruptTarget hart, InterruptInput input) => (_hart, _input) = (hart, input);

    /// <summary>The CSR <c>topei</c>: the pending and enabled identity with the lowest number, in both halves; 0 for none.</summary>
    public uint Top
    {
        get
        {
            lock (_lock)
                return TopLocked();
        }
    }

    /// <summary>Whether a number, as the CSR <c>iselect</c> has it, is one of the registers of the file.</summary>
    public static bool Has(ulong select) => select is Delivery or Threshold or >= PendingStart and < End && (select < PendingStart || select % 2 == 0);

    /// <summary>A message: makes an identity pending. Those that do not exist are ignored.</summary>
    public void Signal(uint identity)
    {
        if (identity is 0 or > Identities)
            return;
        lock (_lock)
        {
            _pending[identity / BitsPerWord] |= 1UL << (int)(identity % BitsPerWord);
            Drive();
        }
    }

    /// <summary>A write to the CSR <c>topei</c>: what it read is no longer pending.</summary>
    /// <param name="top">What it read; see <see cref="Top"/>.</param>
    public void Claim(uint top)
    {
        var identity = (int)(top & Identities);
        lock (_lock)
        {
            _pending[identity / BitsPerWord] &= ~(1UL << identity % BitsPerWord);
            Drive();
        }
    }

    /// <summary>Reads a register of the file, by the number in <c>iselect</c>; 0 for one that does not exist.</summary>
    public ulong Read(ulong select)
    {
        lock (_lock)
        {
            return select switch
            {
                Delivery => _delivers ? 1u : 0,
                Threshold => _threshold,
                >= PendingStart and < EnableStart => Word(_pending, select - PendingStart),
                >= EnableStart and < End => Word(_enabled, select - EnableStart),
                _ => 0,
            };
        }
    }

    /// <summary>Writes a register of the file.</summary>
    public void Write(ulong select, ulong value)
    {
        lock (_lock)
        {
            switch (select)
            {
                case Delivery:
                    _delivers = (value & 1) != 0;
                    break;
                case Threshold:
                    _threshold = (uint)value & Identities;
                    break;
                case >= PendingStart and < EnableStart:
                    SetWord(_pending, select - PendingStart, value);
                    break;
                case >= EnableStart and < End:
                    SetWord(_enabled, select - EnableStart, value);
                    break;
            }
            Drive();
        }
    }

    internal void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            writer.Write(_pending);
            writer.Write(_enabled);
            writer.Write(_threshold);
            writer.Write(_delivers);
        }
    }

    internal void Load(SnapshotReader reader)
    {
        lock (_lock)
        {
            reader.Read(_pending);
            reader.Read(_enabled);
            _threshold = reader.ReadUInt32() & Identities;
            _delivers = reader.ReadBoolean();
            Drive();
        }
    }

    // 64-bit harts have the even ones of the 32-bit words only.
    private static ulong Word(ulong[] words, ulong number) => number % 2 == 0 && number / 2 < (ulong)words.Length ? words[number / 2] : 0;

    private static void SetWord(ulong[] words, ulong number, ulong value)
    {
        if (number % 2 == 0 && number / 2 < (ulong)words.Length)
            words[number / 2] = number == 0 ? value & ~1UL : value;
    }

    private uint TopLocked()
    {
        for (var word = 0; word < _pending.Length; word++)
        {
            if ((_pending[word] & _enabled[word]) is not 0 and var set)
            {
                var identity = (uint)(word * BitsPerWord + BitOperations.TrailingZeroCount(set));
                return _threshold != 0 && identity >= _threshold ? 0 : identity << 16 | identity;
            }
        }
        return 0;
    }

    private void Drive() => _hart.SetPending(_input, _delivers && TopLocked() != 0);
}
