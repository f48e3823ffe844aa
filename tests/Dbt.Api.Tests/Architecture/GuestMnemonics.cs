using System.Reflection;
using Dbt.Isa;

namespace Dbt.Api.Tests.Architecture;

/// <summary>Every guest and its mnemonics.</summary>
internal static class GuestMnemonics
{
    /// <summary>Every guest in Dbt.Isa: whatever its types offer as a static property.</summary>
    public static IReadOnlyList<GuestIsa> Guests { get; } =
    [
        .. from type in typeof(GuestIsa).Assembly.GetExportedTypes()
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Static)
           where typeof(GuestIsa).IsAssignableFrom(property.PropertyType)
           select (GuestIsa)property.GetValue(null)!,
    ];

    /// <summary>Mnemonics as they are printed.</summary>
    public static IReadOnlySet<string> All { get; } =
        Guests.SelectMany(isa => isa.Operations).OfType<OperationInfo>().Select(operation => operation.Mnemonic).ToHashSet();
}
