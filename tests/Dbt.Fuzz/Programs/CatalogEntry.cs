using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>An operation that programs are made of.</summary>
/// <param name="Number">As in <see cref="GuestIsa.Operations"/>.</param>
/// <param name="Info">What is known of it.</param>
/// <param name="Base">The operation that it stands for when it is a compressed form; itself otherwise.</param>
/// <param name="Kind">What it needs.</param>
internal sealed record CatalogEntry(ushort Number, OperationInfo Info, OperationInfo Base, OperationKind Kind);
