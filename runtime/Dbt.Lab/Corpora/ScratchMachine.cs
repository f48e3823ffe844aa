using System.Security.Cryptography;
using Dbt.Isa;
using Dbt.Runtime.Faults;
using Dbt.Runtime.Memory;
using Dbt.Translator;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Corpora;

/// <summary>A hart with memory and without a system, in which regions are executed. One thread.</summary>
internal sealed unsafe class ScratchMachine : IDisposable
{
    private readonly GuestMemory _memory;
    private readonly SortedDictionary<ulong, CapturedPage> _pages = [];

    /// <summary>An empty one.</summary>
    /// <param name="isa">The guest.</param>
    /// <param name="extensions">Extensions that are on.</param>
    public ScratchMachine(GuestIsa isa, ExtensionSet extensions)
    {
        _memory = new GuestMemory();
        Hart = new Hart(isa, extensions, _memory);
        Hart.State->Memory = _memory.Base;
        Hart.State->MemoryLimit = _memory.Size;
        HostFaults.AddWindow(_memory.Base - GuestMemory.GuardSize, _memory.Size + 2 * GuestMemory.GuardSize);
    }

    /// <summary>Its hart.</summary>
    public Hart Hart { get; }

    /// <summary>What is in its memory, as it was added.</summary>
    public IReadOnlyCollection<CapturedPage> Pages => _pages.Values;

    /// <summary>Whether there is a page.</summary>
    public bool Has(ulong page) => _pages.ContainsKey(page);

    /// <summary>Adds a page.</summary>
    public void Add(CapturedPage page)
    {
        _pages.Add(page.Address, page);
        if (_memory.Map(page.Address, GuestMemory.PageSize, MemoryProtection.ReadWrite, MapFlags.Fixed, out _) != MemoryError.None || !_memory.TryWrite(page.Address, page.Bytes)
            || _memory.Protect(page.Address, GuestMemory.PageSize, page.Protection) != MemoryError.None)
            throw new LabException("corpus", $"there is no memory for its page at 0x{page.Address:x}");
    }

    /// <summary>Makes registers and memory what they were.</summary>
    public void Reset(RegisterState entry)
    {
        entry.CopyTo(Hart);
        foreach (var page in _pages.Values)
            if (page.Protection.HasFlag(MemoryProtection.Write))
                _memory.TryWrite(page.Address, page.Bytes);
    }

    /// <summary>Runs from the hart's pc on.</summary>
    public ExitReason Run(IEngine engine, long instructions)
    {
        using var faults = HostFaults.RegisterCurrentThread(Hart.State);
        return engine.Run(Hart, instructions);
    }

    /// <summary>SHA-256 of registers and memory as they are now.</summary>
    public byte[] Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var state = RegisterState.Of(Hart);
        hash.AppendData(BitConverter.GetBytes(state.Pc));
        hash.AppendData(BitConverter.GetBytes(state.FpFlags));
        hash.AppendData(BitConverter.GetBytes(state.FpRounding));
        foreach (var value in state.Values)
            hash.AppendData(BitConverter.GetBytes(value));
        var bytes = new byte[GuestMemory.PageSize];
        foreach (var page in _pages.Values)
        {
            _memory.TryRead(page.Address, bytes);
            hash.AppendData(bytes);
        }
        return hash.GetHashAndReset();
    }

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        HostFaults.RemoveWindow(_memory.Base - GuestMemory.GuardSize);
        Hart.Dispose();
        _memory.Dispose();
    }
}
