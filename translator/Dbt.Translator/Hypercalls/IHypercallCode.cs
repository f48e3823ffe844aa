namespace Dbt.Translator.Hypercalls;

/// <summary>An engine whose translations have hypercall sites, as a table sees it.</summary>
internal unsafe interface IHypercallCode
{
    /// <summary>
    /// Changes what a call does, at once for all harts, and brings its sites into line: no site has an older action inlined when it changes,
    /// and the new one is inlined where it can be.
    /// </summary>
    void Replace(HypercallCell* cell, HypercallRecord* action);

    /// <summary>Number of sites by <see cref="HypercallSiteState"/>, of translations that are not dropped.</summary>
    int[] CountSites();
}
