using Dbt.Isa;

namespace Dbt.Cli.Code;

/// <summary>Chooses operands with which an operation is looked at: a plain choice, and such as compilers may treat otherwise.</summary>
internal static class OperationSamples
{
    // Short in every encoding, and no special case of anything.
    private const long PlainNumber = 8;

    /// <summary>The operations that a compiler meets: a compressed form is its base operation.</summary>
    public static IEnumerable<OperationInfo> OperationsOf(GuestIsa isa) =>
        from operation in isa.Operations
        where operation is not null && (operation.Traits & OperationTraits.Compressed) == 0
        select operation;

    /// <summary>The operation with a plain choice of operands: registers that compilers like, all of them different.</summary>
    public static Instruction Plain(GuestIsa isa, OperationInfo operation) => Create(isa, operation, HotOf);

    /// <summary>
    /// The plain choice first, then all general-purpose registers the same, each in turn the zero register, those that compilers like
    /// least, the limits of numbers, and every mode. None twice; only what can be encoded.
    /// </summary>
    public static IReadOnlyList<Instruction> All(GuestIsa isa, OperationInfo operation)
    {
        var general = isa.RegisterFiles[0];
        var plain = Plain(isa, operation);
        var samples = new List<Instruction> { plain };
        var registers = operation.Operands.Where(operand => operand.Kind == general.Name).ToList();
        if (registers.Count > 1)
            samples.Add(Create(isa, operation, (file, _) => HotOf(file, 0)));
        if (general.ZeroRegister >= 0)
            samples.AddRange(registers.Select(operand => With(plain, operand, general.ZeroRegister)));
        if (registers.Count > 0)
            samples.Add(Create(isa, operation, ColdOf));
        foreach (var operand in operation.Operands)
            if (FileOf(isa, operand) is null)
                samples.AddRange(ValuesOf(isa, operand).Select(value => With(plain, operand, value)));
        return [.. samples.DistinctBy(sample => isa.TryEncode(sample, out var bits) ? (uint?)bits : null).Where(sample => isa.TryEncode(sample, out _))];
    }

    private static IEnumerable<long> ValuesOf(GuestIsa isa, OperandInfo operand)
    {
        if (operand.Kind == "csr")
            return isa.CsrsOf(isa.DefaultExtensions).Select(csr => (long)csr.Number);
        if (operand.Kind == "rounding")
            return Enumerable.Range((int)operand.Minimum, (int)(operand.Maximum - operand.Minimum) + 1).Select(value => (long)value);
        return [0, operand.Minimum, operand.Maximum];
    }

    // The choice is for general-purpose registers.
    private static Instruction Create(GuestIsa isa, OperationInfo operation, Func<RegisterFileInfo, int, int> choose)
    {
        var number = 0;
        while (isa.Operations[number] != operation)
            number++;
        var sample = new Instruction { Operation = (ushort)number, Length = (byte)operation.Length };
        var count = 0;
        foreach (var operand in operation.Operands)
        {
            var value = FileOf(isa, operand) switch
            {
                null => NumberFor(isa, operand),
                var file when file == isa.RegisterFiles[0] => choose(file, count++),
                var file => HotOf(file, count++),
            };
            sample[operand.Slot] = Allowed(operand, value);
        }
        return sample;
    }

    private static RegisterFileInfo? FileOf(GuestIsa isa, OperandInfo operand) => isa.RegisterFiles.FirstOrDefault(file => file.Name == operand.Kind);

    // Arguments and results: in the middle of what is hot.
    private static int HotOf(RegisterFileInfo file, int i) => file.Hot.Count > 0 ? file.Hot[(file.Hot.Count / 2 + i) % file.Hot.Count] : file.Count / 3 + i;

    private static int ColdOf(RegisterFileInfo file, int i) =>
        Enumerable.Range(0, file.Count).Where(register => register != file.ZeroRegister && !file.Hot.Contains(register)).Reverse().ElementAt(i);

    private static long NumberFor(GuestIsa isa, OperandInfo operand) => operand.Kind switch
    {
        "csr" => isa.CsrsOf(isa.DefaultExtensions).First().Number,
        "rounding" => operand.Maximum, // the dynamic one, where there is one
        "order" => 0,
        _ => PlainNumber,
    };

    private static Instruction With(Instruction instruction, OperandInfo operand, long value)
    {
        instruction[operand.Slot] = value;
        return instruction;
    }

    // The next value that is allowed.
    private static long Allowed(OperandInfo operand, long value)
    {
        value = Math.Clamp((value + operand.Step - 1) / operand.Step * operand.Step, operand.Minimum, operand.Maximum);
        while (operand.Excluded.Contains(value))
            value += operand.Step;
        return value;
    }
}
