namespace Dbt.Generators.Spec.Model;

/// <summary>What the number of a csr says: the <c>csrs</c> line. A width of 0 means that it says nothing.</summary>
/// <param name="PrivilegeLow">Lowest bit of the privilege that an access needs.</param>
/// <param name="PrivilegeWidth">Number of its bits.</param>
/// <param name="ReadOnlyMask">Bits that are all set in the number of a register that cannot be written.</param>
internal sealed record CsrAccessModel(int PrivilegeLow, int PrivilegeWidth, int ReadOnlyMask);
