using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Reads a register's home.</summary>
/// <param name="Result">Gets the value.</param>
/// <param name="Offset">Bytes from the start of the state.</param>
internal sealed record LoadRegisterStatement(LocalNode Result, int Offset) : Statement;
