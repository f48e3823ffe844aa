using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>Chooses operands of a kind: registers that were used before, limits of immediates, valid rounding modes.</summary>
internal sealed class OperandPicker
{
    private const int FavoriteCount = 5;

    private readonly RandomSource _random;
    private readonly ProgramStyle _style;
    private readonly long[] _favorites;
    private readonly long[] _systemRegisters;
    private readonly long[] _clocks;

    public OperandPicker(GuestIsa isa, RandomSource random, ProgramStyle style)
    {
        _random = random;
        _style = style;
        // One of the registers that compressed forms reach is always among them.
        _favorites = Enumerable.Range(0, FavoriteCount).Select(i => i == 0 ? 8L + random.Below(8) : random.Below(32)).ToArray();
        _systemRegisters = isa.CsrsOf(isa.DefaultExtensions).Where(csr => !csr.ReadOnly).Select(csr => (long)csr.Number).ToArray();
        // Time and cycles differ from run to run; the counter of instructions does not, and is read on its own.
        _clocks = isa.CsrsOf(isa.DefaultExtensions).Where(csr => csr.ReadOnly && !csr.Name.StartsWith("instret", StringComparison.Ordinal)).Select(csr => (long)csr.Number).ToArray();
        RoundingRegister = isa.CsrsOf(isa.DefaultExtensions).FirstOrDefault(csr => csr.Name == "frm")?.Number;
        RetiredCounter = isa.CsrsOf(isa.DefaultExtensions).FirstOrDefault(csr => csr.Name == "instret")?.Number;
    }

    /// <summary>Number of the system register that is the rounding mode.</summary>
    public long? RoundingRegister { get; }

    /// <summary>Number of the system register that counts instructions.</summary>
    public long? RetiredCounter { get; }

    public long Pick(OperandInfo operand)
    {
        for (; ; )
        {
            var value = operand.Kind switch
            {
                "x" or "f" => Register(operand),
                "rounding" => _style >= ProgramStyle.Faulting && _random.OneIn(10) ? _random.Below(8) : _random.Pick([0, 1, 2, 3, 4, 7, 7]),
                "csr" => SystemRegister(),
                _ => Number(operand),
            };
            if (!operand.Excluded.Contains(value))
                return value;
        }
    }

    private long SystemRegister()
    {
        if (_style < ProgramStyle.Faulting || !_random.OneIn(6))
            return _random.Pick(_systemRegisters);
        long number = _random.OneIn(2) ? _random.Below(0x1000) : 0xC00 + _random.Below(4);
        return _clocks.Contains(number) ? _systemRegisters[0] : number;
    }

    private long Register(OperandInfo operand)
    {
        var favorite = _random.Pick(_favorites);
        return _random.OneIn(2) && favorite >= operand.Minimum && favorite <= operand.Maximum ? favorite : InRange(operand);
    }

    private long Number(OperandInfo operand) => _random.Below(8) switch
    {
        0 => operand.Minimum,
        1 => operand.Maximum,
        2 when operand.Minimum <= 0 => 0,
        3 => Math.Max(operand.Minimum, -operand.Step),
        4 => Math.Min(operand.Maximum, operand.Minimum + operand.Step),
        _ => InRange(operand),
    };

    private long InRange(OperandInfo operand) =>
        operand.Minimum + operand.Step * _random.Between(0, (operand.Maximum - operand.Minimum) / operand.Step);
}
