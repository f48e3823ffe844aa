using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Isa;

namespace Dbt.Fuzz.Harts;

/// <summary>Code of one hart, written instruction by instruction.</summary>
internal sealed class HartCode
{
    private readonly OperationCatalog _catalog = FuzzGuest.Rv64.Generator.Catalog;
    private readonly List<Instruction> _instructions = [];

    /// <summary>Number of the next instruction.</summary>
    public int Here => _instructions.Count;

    /// <summary>Adds an instruction by name and fields.</summary>
    public void Add(string mnemonic, params ReadOnlySpan<(string Field, long Value)> fields) => _instructions.Add(_catalog.Build(mnemonic, fields));

    /// <summary>rd = rs1 op rs2.</summary>
    public void Compute(string mnemonic, int rd, int rs1, int rs2) => Add(mnemonic, ("rd", rd), ("rs1", rs1), ("rs2", rs2));

    /// <summary>rd = rs1 + a constant of 12 bits.</summary>
    public void AddConstant(int rd, int rs1, int value) => Add("addi", ("rd", rd), ("rs1", rs1), ("immI", value));

    /// <summary>A conditional branch back to an instruction.</summary>
    public void BranchBack(string mnemonic, int rs1, int rs2, int target) =>
        Add(mnemonic, ("rs1", rs1), ("rs2", rs2), ("immB", (target - Here) * sizeof(uint)));

    /// <summary>A conditional branch over so many instructions.</summary>
    public void Skip(string mnemonic, int rs1, int rs2, int count) => Add(mnemonic, ("rs1", rs1), ("rs2", rs2), ("immB", (count + 1) * sizeof(uint)));

    /// <summary>All of it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new List<byte>();
        foreach (var instruction in _instructions)
        {
            if (!_catalog.Isa.TryEncode(instruction, out var bits))
                throw new InvalidOperationException($"{_catalog.Isa.Operations[instruction.Operation]!.Mnemonic} has no encoding with these operands.");
            bytes.AddRange(BitConverter.GetBytes(bits));
        }
        return [.. bytes];
    }

    /// <summary>For reports.</summary>
    public IEnumerable<string> Listing() =>
        _instructions.Select((instruction, i) => $"{i * sizeof(uint):x}: {_catalog.Isa.Disassemble(instruction, (ulong)i * sizeof(uint)).Replace('\t', ' ')}");
}
