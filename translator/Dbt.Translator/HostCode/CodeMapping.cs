namespace Dbt.Translator.HostCode;

/// <summary>How <see cref="ExecutableMemory"/> makes what it has written executable.</summary>
internal enum CodeMapping
{
    /// <summary>One mapping, writable and executable, where the host allows that; otherwise as <see cref="TwoViews"/>.</summary>
    Automatic,

    /// <summary>The same memory mapped twice: once writable, once executable. No mapping is ever both.</summary>
    TwoViews,
}
