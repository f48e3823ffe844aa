namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>The pages that messages to interrupt files are written to: one for each hart, of one privilege level.</summary>
/// <param name="files">The harts' files.</param>
internal sealed class Imsic(IReadOnlyList<InterruptFile> files) : IMessageTarget
{
    /// <summary>Bytes of a hart's page.</summary>
    public const ulong PageLength = 0x1000;

    private const ulong SetPending = 0;

    /// <inheritdoc/>
    public ulong Read(ulong offset, int size) => 0;

    /// <inheritdoc/>
    public void Write(ulong offset, int size, ulong value)
    {
        if (size == 4 && offset % PageLength == SetPending && offset / PageLength < (ulong)files.Count)
            files[(int)(offset / PageLength)].Signal((uint)value);
    }
}
