namespace Dbt.Translator.Baseline;

/// <summary>A block's accesses to guest memory and its polls, by host address, and the constants that are pending at them. In the cache's arena.</summary>
/// <param name="sites">The accesses.</param>
/// <param name="count">Number of them.</param>
/// <param name="pending">What is pending at accesses, as <see cref="PendingAt"/> gives it.</param>
internal readonly unsafe struct FaultSites(FaultSite* sites, int count, long* pending)
{
    /// <summary>Finds the access at an address.</summary>
    public FaultSite* Find(ulong address)
    {
        int low = 0, high = count - 1;
        while (low <= high)
        {
            var middle = low + high >> 1;
            if (sites[middle].Address == address)
                return &sites[middle];
            if (sites[middle].Address < address)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>
    /// What is pending at an access: a mask of registers with constants in the lower half, of registers whose lower halves are to be extended in the upper
    /// one, then the constants, lowest register first. Null when nothing is.
    /// </summary>
    public long* PendingAt(FaultSite* site) => site->Pending == 0 ? null : pending + site->Pending - 1;
}
