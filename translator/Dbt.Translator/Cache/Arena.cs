using System.Runtime.InteropServices;
using Dbt.Translator.HostCode;

namespace Dbt.Translator.Cache;

/// <summary>Unmanaged memory that grows in big chunks and is freed all at once. Not thread-safe.</summary>
public sealed unsafe class Arena : IDisposable
{
    private const int ChunkBytes = 256 << 10;
    private const int Alignment = 16;

    // Pages are provided so many at once.
    private const int PopulatedBytes = 64 << 10;

    // Each chunk begins with the address of the one before it.
    private byte* _chunk;
    private byte* _next;
    private byte* _end;
    private byte* _populated;

    /// <summary>Frees what nobody disposed.</summary>
    ~Arena() => Free();

    /// <summary>Bytes handed out, padding included.</summary>
    public long Bytes { get; private set; }

    /// <summary>Memory for <paramref name="bytes"/> bytes, aligned to 16, not cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than a chunk (256 KiB, less 16 bytes) is asked for.</exception>
    public void* Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(ChunkBytes - Alignment), nameof(bytes));
        var padded = bytes + Alignment - 1 & -Alignment;
        if (_end - _next < padded)
        {
            var chunk = (byte*)NativeMemory.AlignedAlloc(ChunkBytes, Alignment);
            *(byte**)chunk = _chunk;
            _chunk = chunk;
            _next = chunk + Alignment;
            _end = chunk + ChunkBytes;
            _populated = chunk;
        }
        var result = _next;
        _next += padded;
        if (_next > _populated)
            Populate();
        Bytes += padded;
        return result;
    }

    /// <summary>Frees everything that was handed out.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Populate()
    {
        var start = _populated;
        _populated = _end - _next < PopulatedBytes ? _end : _next + PopulatedBytes;
        HostMemory.Populate(start, _populated);
    }

    private void Free()
    {
        while (_chunk != null)
        {
            var chunk = _chunk;
            _chunk = *(byte**)chunk;
            NativeMemory.AlignedFree(chunk);
        }
        _next = _end = null;
        Bytes = 0;
    }
}
