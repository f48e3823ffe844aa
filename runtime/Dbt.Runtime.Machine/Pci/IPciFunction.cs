namespace Dbt.Runtime.Machine.Pci;

/// <summary>What a PCI function adds to its <see cref="PciConfiguration"/>: the registers behind its base addresses.</summary>
internal interface IPciFunction
{
    /// <summary>The configuration space.</summary>
    PciConfiguration Configuration { get; }

    /// <summary>Reads a register behind a base address.</summary>
    ulong Read(int bar, ulong offset, int size);

    /// <summary>Writes a register behind a base address.</summary>
    void Write(int bar, ulong offset, int size, ulong value);

    /// <summary>Reads configuration space, which may have windows into registers.</summary>
    uint ReadConfiguration(int offset, int size) => Configuration.Read(offset, size);

    /// <summary>Writes configuration space.</summary>
    void WriteConfiguration(int offset, int size, uint value) => Configuration.Write(offset, size, value);
}
