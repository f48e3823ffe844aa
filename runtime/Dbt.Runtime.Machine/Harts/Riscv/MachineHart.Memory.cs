using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Mmu.Riscv;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>What addresses lead to: the TLBs, and accesses that they do not know.</summary>
internal sealed unsafe partial class MachineHart
{
    private const int FetchEntries = 256;

    // What the TLBs were filled under; another value of any of them means other translations.
    private (ulong Satp, ulong Config, ulong Configurations, ulong Configurations2, bool ExecutableReadable) _filledUnder;
    private readonly ulong[] _protectionAddresses = new ulong[PhysicalProtection.Count];

    // The pages that code was found in last: virtual page and privilege, and physical page.
    private readonly (ulong Tag, ulong Physical)[] _fetches = new (ulong, ulong)[FetchEntries];

    /// <summary>The software TLBs.</summary>
    public TlbTables Tables { get; }

    /// <summary>Called when code of a page is translated; stores to it are reported from then on.</summary>
    public Action<MachineHart, ulong>? CodeFound { get; set; }

    /// <summary>Whether a physical page has translations.</summary>
    public Func<ulong, bool>? HasCode { get; set; }

    /// <inheritdoc/>
    public int ModeCount => 8;

    /// <inheritdoc/>
    public int Mode => (int)State->Privilege * 2 + (IsReduced ? 1 : 0);

    /// <inheritdoc/>
    public bool IsReduced => (State->Mstatus & RiscvMstatus.FS) == 0;

    /// <inheritdoc/>
    public ExtensionSet Extensions => IsReduced ? _reducedExtensions : _allExtensions;

    /// <inheritdoc/>
    public void WatchCode(ulong physical)
    {
        CodeFound?.Invoke(this, physical);
        Tables.Watch(physical);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> ReadPhysical(ulong physical, int length) => _memory.TryGetSpan(physical, length, out var span) ? span : default;

    /// <inheritdoc/>
    public ExitReason Locate(ulong address, out ulong physical)
    {
        var page = address & ~(TlbEntry.PageSize - 1);
        var tag = page | State->Privilege;
        ref var entry = ref _fetches[(address >> TlbEntry.PageBits) % FetchEntries];
        if (entry.Tag != tag)
        {
            var translation = Translate(address, AccessKind.Execute, (int)State->Privilege);
            if (translation.Outcome != TranslationOutcome.Found)
            {
                physical = 0;
                return Fault(address, AccessKind.Execute, translation.Outcome == TranslationOutcome.PageFault);
            }
            physical = translation.Physical;
            if (!_memory.IsRam(physical, 2) || !_protection.Allows(physical, 2, AccessKind.Execute, (int)State->Privilege))
                return Fault(address, AccessKind.Execute, isPageFault: false);
            if (!_protection.IsUniform(physical & ~(TlbEntry.PageSize - 1)))
                return ExitReason.None;
            if (translation.Size > TlbEntry.PageSize && translation.Size != ulong.MaxValue)
                Tables.NoteLarge(address, translation.Size);
            entry = (tag, physical & ~(TlbEntry.PageSize - 1));
        }
        physical = entry.Physical | address & TlbEntry.PageSize - 1;
        return ExitReason.None;
    }

    /// <inheritdoc/>
    public int Fetch(ulong address, Span<byte> destination)
    {
        var count = 0;
        while (count < destination.Length && Locate(address + (ulong)count, out var physical) == ExitReason.None)
        {
            var rest = (int)(TlbEntry.PageSize - (physical & TlbEntry.PageSize - 1));
            var length = Math.Min(rest, destination.Length - count);
            if (!_memory.TryRead(physical, destination.Slice(count, length)))
                break;
            count += length;
        }
        return count;
    }

    // Of a data access: mstatus.MPRV lends M mode the rights of the mode that it came from.
    private int DataPrivilege => (State->Mstatus & RiscvMstatus.MPRV) != 0 && State->Privilege == MachineMode
        ? (int)(State->Mstatus >> 11 & 3)
        : (int)State->Privilege;

    private Translation Translate(ulong address, AccessKind access, int privilege) => _walker.Translate(address, new TranslationRequest(
        State->Satp,
        privilege,
        access,
        (State->Mstatus & RiscvMstatus.SUM) != 0,
        (State->Mstatus & RiscvMstatus.MXR) != 0,
        (State->Menvcfg & RiscvMenvcfg.ADUE) != 0,
        (State->Menvcfg & RiscvMenvcfg.PBMTE) != 0));

    private ExitReason Fault(ulong address, AccessKind access, bool isPageFault)
    {
        State->Header.FaultAddress = address;
        State->Header.FaultAccess = access;
        State->System.IsPageFault = isPageFault;
        return ExitReason.MemoryFault;
    }

    // Takes over registers that decide what addresses lead to; true when the TLBs are not right any more.
    private bool TranslationChanged()
    {
        var now = (State->Satp, State->Menvcfg & (RiscvMenvcfg.ADUE | RiscvMenvcfg.PBMTE), State->Pmpcfg0, State->Pmpcfg2, (State->Mstatus & RiscvMstatus.MXR) != 0);
        var addresses = new ReadOnlySpan<ulong>(&State->Pmpaddr0, PhysicalProtection.Count);
        if (now == _filledUnder && addresses.SequenceEqual(_protectionAddresses))
            return false;
        _filledUnder = now;
        addresses.CopyTo(_protectionAddresses);
        Span<byte> configurations = stackalloc byte[PhysicalProtection.Count];
        BitConverter.TryWriteBytes(configurations, State->Pmpcfg0);
        BitConverter.TryWriteBytes(configurations[8..], State->Pmpcfg2);
        _protection.Load(configurations, addresses);
        return true;
    }

    private void FlushAll()
    {
        Tables.Flush();
        Array.Fill(_fetches, (TlbEntry.NoPage, 0UL));
    }

    private bool FlushAddress(ulong address)
    {
        if (!Tables.TryFlush(address))
            return false;
        ref var entry = ref _fetches[(address >> TlbEntry.PageBits) % FetchEntries];
        if ((entry.Tag ^ address) < TlbEntry.PageSize)
            entry.Tag = TlbEntry.NoPage;
        return true;
    }

    private void UpdateMode()
    {
        var privilege = DataPrivilege;
        var table = privilege == MachineMode ? 3 : privilege == Supervisor && (State->Mstatus & RiscvMstatus.SUM) != 0 ? 2 : privilege;
        State->System.Tlb = Tables[table];
        State->System.MayCall = State->Privilege == Supervisor && Hypercalls != null ? 1 : 0;
    }

    /// <summary>Finds what an access that lies in one page leads to, and lets the TLB know when it is plain memory.</summary>
    /// <param name="address">Virtual address.</param>
    /// <param name="bytes">Bytes.</param>
    /// <param name="access">Read or write.</param>
    /// <param name="physical">The physical address.</param>
    public ExitReason Access(ulong address, int bytes, AccessKind access, out ulong physical)
    {
        var privilege = DataPrivilege;
        var translation = Translate(address, access, privilege);
        physical = translation.Physical;
        if (translation.Outcome != TranslationOutcome.Found)
            return Fault(address, access, translation.Outcome == TranslationOutcome.PageFault);
        if (!_protection.Allows(physical, (ulong)bytes, access, privilege))
            return Fault(address, access, isPageFault: false);
        if (!_memory.IsRam(physical, (ulong)bytes))
            return ExitReason.None;
        var page = physical & ~(TlbEntry.PageSize - 1);
        if (access == AccessKind.Write && HasCode?.Invoke(page) == true)
            _engine.Invalidate(page, TlbEntry.PageSize);
        if (_protection.IsUniform(page))
            Fill(address, page, translation, privilege);
        return ExitReason.None;
    }

    /// <summary>Host memory of a physical address in RAM; null when it is none.</summary>
    public byte* HostOf(ulong physical, int bytes) => _memory.IsRam(physical, (ulong)bytes) ? _memory.Ram + (physical - _memory.RamStart) : null;

    /// <summary>Loads from a device; an access fault when there is none, or not for that.</summary>
    public ExitReason LoadDevice(ulong address, ulong physical, int bytes)
    {
        if (!_memory.TryLoad(physical, bytes, out var value))
            return Fault(address, AccessKind.Read, isPageFault: false);
        State->System.Loaded = value;
        return ExitReason.None;
    }

    /// <summary>Stores to a device.</summary>
    public ExitReason StoreDevice(ulong address, ulong physical, int bytes, ulong value) =>
        _memory.TryStore(physical, bytes, value) ? ExitReason.None : Fault(address, AccessKind.Write, isPageFault: false);

    /// <summary>An atomic access to what is no memory.</summary>
    public ExitReason NoMemory(ulong address, AccessKind access) => Fault(address, access, isPageFault: false);

    private void Fill(ulong address, ulong page, in Translation translation, int privilege)
    {
        var entry = TlbEntry.Find(State->System.Tlb, address);
        Tables.NoteFilled(entry);
        var tag = address & ~(TlbEntry.PageSize - 1);
        if (translation.Size > TlbEntry.PageSize && translation.Size != ulong.MaxValue)
            Tables.NoteLarge(address, translation.Size);
        // Stores to code, and first stores to a page, come here each time.
        var mayStore = (translation.Rights & (PageTableEntry.Write | PageTableEntry.Dirty)) == (PageTableEntry.Write | PageTableEntry.Dirty)
            && _protection.Allows(page, 1, AccessKind.Write, privilege) && HasCode?.Invoke(page) != true;
        var mayLoad = (translation.Rights & PageTableEntry.Read) != 0 && _protection.Allows(page, 1, AccessKind.Read, privilege);
        entry->LoadTag = mayLoad ? tag : TlbEntry.NoPage;
        entry->StoreTag = mayStore ? tag : TlbEntry.NoPage;
        entry->Addend = (byte*)((ulong)_memory.Ram + (page - _memory.RamStart) - tag);
        entry->Physical = page;
    }
}
