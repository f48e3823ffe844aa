namespace Dbt.Api.Tests.PublicApi;

/// <summary>For the test of the printer.</summary>
public enum SampleKind : byte
{
    None,
    Some = 4,
}
