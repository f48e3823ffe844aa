using System.Runtime.InteropServices;

namespace Dbt.Translator.Cache;

/// <summary>Unmanaged memory that grows in big chunks and is freed all at once. Not thread-safe.</summary>
public sealed unsafe class Arena : IDisposable
{
    private const int ChunkBytes = 256 << 10;
    private const int Alignment = 16;

    private readonly List<nint> _chunks = [];
    private byte* _next;
    private byte* _end;

    /// <summary>Frees what nobody disposed.</summary>
    ~Arena() => Free();

    /// <summary>Bytes handed out, padding included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory for <paramref name="bytes"/> bytes, aligned to 16, not cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than a chunk (256 KiB) is asked for.</exception>
    public void* Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)ChunkBytes, nameof(bytes));
        var padded = bytes + Alignment - 1 & -Alignment;
        if (_end - _next < padded)
        {
            _next = (byte*)NativeMemory.AlignedAlloc(ChunkBytes, Alignment);
            _end = _next + ChunkBytes;
            _chunks.Add((nint)_next);
        }
        var result = _next;
        _next += padded;
        Bytes += padded;
        return result;
    }

    /// <summary>Frees everything that was handed out.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (var chunk in _chunks)
            NativeMemory.AlignedFree((void*)chunk);
        _chunks.Clear();
        _next = _end = null;
        Bytes = 0;
    }
}
