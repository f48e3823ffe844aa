using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

/// <summary>An operation on bit patterns, so that tests can hold all of them in one table.</summary>
internal delegate ulong BitOperation(ulong a, ulong b, ulong c, FloatingPointRounding rounding, ref uint flags);
