using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Reads and writes guest memory in one step.</summary>
/// <param name="Result">Gets the old value; its type is the access's.</param>
/// <param name="Operator">What is done with it.</param>
/// <param name="Address">Guest address.</param>
/// <param name="Value">The operand.</param>
internal sealed record AtomicStatement(LocalNode Result, AtomicOperator Operator, Node Address, Node Value) : Statement;
