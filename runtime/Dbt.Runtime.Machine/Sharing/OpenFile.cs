using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>What a fid of the guest stands for.</summary>
/// <param name="name">Names the file on the host.</param>
internal sealed class OpenFile(SafeFileHandle name) : IDisposable
{
    /// <summary>Names the file, and no more.</summary>
    public SafeFileHandle Name { get; } = name;

    /// <summary>The file, opened; null before.</summary>
    public SafeFileHandle? Content { get; set; }

    public void Dispose()
    {
        Name.Dispose();
        Content?.Dispose();
    }
}
