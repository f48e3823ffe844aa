namespace Dbt.Api.Tests.PublicApi;

/// <summary>For the test of the printer.</summary>
public sealed record SampleRecord(int Value);
