using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>zeroBlock(address, bytes)</c>: clears the aligned block that the address lies in. May fault.</summary>
internal sealed record ZeroBlock(SpecLocation Location, Expression Address, int Bytes) : Statement(Location);
