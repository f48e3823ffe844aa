using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.HostCode;

namespace Dbt.Translator;

/// <summary>
/// The host page in front of a hart's state. Translated code that does not count instructions reads it wherever the guest could loop: where it
/// jumps back or indirectly. Whoever wants such code to come back to its engine makes the page inaccessible, so that the next read
/// fails; the host's fault handler does the rest, and a hart that nobody wants pays for a load.
/// </summary>
/// <remarks>
/// No request is lost, whoever makes it when: a requester leaves word of what it wants (a stop, a drop), then requests; the hart
/// takes the request, then looks for what is wanted. One that comes too late for the look makes the hart look again.
/// </remarks>
internal sealed unsafe class PollPage(byte* page)
{
    /// <summary>Bytes of the page, and its distance from the state.</summary>
    public const int Size = 4096;

    private readonly Lock _gate = new();
    private volatile bool _isRequested;
    private bool _isRead;

    /// <summary>Every poll fails, and the hart goes on: for tests of the states at polls. Set before code runs that polls.</summary>
    public bool FailsAlways { get; set; }

    /// <summary>Where an indirect jump finds the hart's jump cache: its lookup is its poll. In the state's terms at -<see cref="Size"/>.</summary>
    private JumpCacheEntry** JumpCache => (JumpCacheEntry**)page;

    private HartHeader* State => (HartHeader*)(page + Size);

    /// <summary>Code that polls may run from now on. By the thread that runs the hart, before it looks for requests.</summary>
    public void Open(JumpCacheEntry* jumpCache)
    {
        lock (_gate)
        {
            Protect(HostMemory.ProtRead | HostMemory.ProtWrite);
            *JumpCache = jumpCache;
            _isRead = true;
            _isRequested = false;
            if (FailsAlways)
                Protect(HostMemory.ProtNone);
            State->IsWanted = FailsAlways ? 1u : 0;
        }
    }

    /// <summary>Makes the hart come back from code that polls. Safe from any thread; of no effect where no such code runs.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (!_isRead || _isRequested)
                return;
            Protect(HostMemory.ProtNone);
            Volatile.Write(ref State->IsWanted, 1);
            _isRequested = true;
        }
    }

    /// <summary>Whether something is requested; polls succeed again. By the thread that runs the hart.</summary>
    public bool TryTake()
    {
        if (!_isRequested)
            return false;
        lock (_gate)
        {
            Protect(FailsAlways ? HostMemory.ProtNone : HostMemory.ProtRead | HostMemory.ProtWrite);
            Volatile.Write(ref State->IsWanted, FailsAlways ? 1u : 0);
            _isRequested = false;
        }
        return true;
    }

    /// <summary>Nobody polls any more: the page's memory may be freed.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isRequested || FailsAlways && _isRead)
                Protect(HostMemory.ProtRead | HostMemory.ProtWrite);
            _isRead = _isRequested = false;
        }
    }

    private void Protect(int protection)
    {
        if (HostMemory.Protect(page, Size, protection) != 0)
            throw new InvalidOperationException($"The host does not change the protection of a page (errno {Marshal.GetLastPInvokeError()}).");
    }
}
