namespace Dbt.Translator.Baseline;

/// <summary>A list of small values that is filled and cleared again and again: it allocates only to grow.</summary>
/// <remarks>
/// Code of <see cref="List{T}"/> over most structures is in nobody's precompiled image, and would be compiled whenever the process starts.
/// So would this class's over structures that are not this assembly's, numbers among them.
/// </remarks>
/// <typeparam name="T">The values.</typeparam>
internal sealed class ReusedList<T>
    where T : unmanaged
{
    private const int FirstLength = 32;

    private T[] _items = new T[FirstLength];
    private int _count;

    /// <summary>Number of values; those behind a lower one are forgotten.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is set to more than there are.</exception>
    public int Count
    {
        get => _count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)_count, nameof(value));
            _count = value;
        }
    }

    /// <summary>A value, by its place.</summary>
    public ref T this[int place] => ref _items[place];

    /// <summary>Adds a value behind the others.</summary>
    public void Add(in T item)
    {
        if (_count == _items.Length)
            SetLength(2 * _count);
        _items[_count++] = item;
    }

    /// <summary>Adds a value behind the others, which its caller sets.</summary>
    public ref T Add()
    {
        if (_count == _items.Length)
            SetLength(2 * _count);
        return ref _items[_count++];
    }

    /// <summary>Forgets all values.</summary>
    public void Clear() => _count = 0;

    /// <summary>Copies the values.</summary>
    /// <param name="target">Where to; has room for <see cref="Count"/> of them.</param>
    public unsafe void CopyTo(T* target)
    {
        for (var i = 0; i < _count; i++)
            target[i] = _items[i];
    }

    private void SetLength(int length)
    {
        var items = new T[length];
        Array.Copy(_items, items, _count);
        _items = items;
    }
}
