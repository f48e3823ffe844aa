using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>pc</c>, or <c>next</c>: the address of the instruction, or of the one behind it.</summary>
internal sealed record ProgramCounter(SpecLocation Location, ValueType Type, bool Next) : Expression(Location, Type);
