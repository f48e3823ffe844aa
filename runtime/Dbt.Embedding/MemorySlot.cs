using Dbt.Runtime.Memory;

namespace Dbt.Embedding;

/// <summary>A range of guest addresses with memory of the host behind it. See <see cref="VirtualMachine.MapMemory"/>.</summary>
public sealed unsafe class MemorySlot
{
    private readonly VirtualMachine _machine;
    private bool _removed;

    internal MemorySlot(VirtualMachine machine, ulong address, ulong length, MemoryAccess access)
    {
        _machine = machine;
        Address = address;
        Length = length;
        Access = access;
    }

    /// <summary>First guest address.</summary>
    public ulong Address { get; }

    /// <summary>Bytes; a multiple of 4096.</summary>
    public ulong Length { get; }

    /// <summary>What the guest may do with it.</summary>
    public MemoryAccess Access { get; }

    /// <summary>
    /// The memory itself: stores of the guest are seen at once, and the other way round. Not to be used any more when the slot was removed or the machine
    /// disposed. Code that is written this way is seen by the guest when it says that it wants to (<c>fence.i</c>), or by <see cref="VirtualMachine.Write"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The slot was removed, is read-only for the guest (and so for this process), or is longer than a span can be.</exception>
    public Span<byte> Span
    {
        get
        {
            if (_removed || !Access.HasFlag(MemoryAccess.Write) || Length > int.MaxValue)
                throw new InvalidOperationException(
                    _removed ? "The memory was removed." : Length > int.MaxValue ? "The memory is larger than a span." : "The memory is read-only: its contents are given when it is mapped.");
            return new Span<byte>(_machine.Memory.Base + Address, (int)Length);
        }
    }

    /// <summary>Takes the memory from the guest: later accesses find a gap. Waits until no hart executes code of it any more. Not to be called twice.</summary>
    /// <exception cref="InvalidOperationException">It was removed already.</exception>
    public void Remove()
    {
        if (_removed)
            throw new InvalidOperationException("The memory was removed already.");
        _removed = true;
        if (_machine.Memory.Unmap(Address, Length) is not MemoryError.None and var error)
            throw new InvalidOperationException($"The host does not unmap the memory (errno {(int)error}).");
    }
}
