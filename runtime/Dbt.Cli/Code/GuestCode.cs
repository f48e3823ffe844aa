using Dbt.Isa;
using Dbt.Lab.Code;

namespace Dbt.Cli.Code;

/// <summary>What <c>disasm</c> and <c>explain</c> look at.</summary>
/// <param name="Isa">The guest.</param>
/// <param name="Extensions">Extensions that are on.</param>
/// <param name="Image">The code.</param>
/// <param name="Range">The part of it that was asked for.</param>
internal sealed record GuestCode(GuestIsa Isa, ExtensionSet Extensions, CodeImage Image, AddressRange Range);
