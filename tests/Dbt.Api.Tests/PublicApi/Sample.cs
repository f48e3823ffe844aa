namespace Dbt.Api.Tests.PublicApi;

/// <summary>For the test of the printer.</summary>
public abstract class Sample<T> : IDisposable
    where T : class, new()
{
    public const long Limit = 5;

    protected readonly int Field;

    protected Sample(int number, string? name = null) => Field = number + (name?.Length ?? 0);

    public event EventHandler? Changed;

    public abstract string? Name { get; protected set; }

    public static Sample<T> operator +(Sample<T> left, Sample<T> right) => left ?? right;

    public static bool TryGet(in ReadOnlySpan<byte> bytes, out T[]? value, params IEnumerable<int> rest)
    {
        value = null;
        return rest.Any();
    }

    public virtual void Dispose()
    {
        Changed?.Invoke(this, EventArgs.Empty);
        GC.SuppressFinalize(this);
    }

    internal void Hidden() => _ = Field;
}
