namespace Dbt.Runtime.Elf;

/// <summary>A file that cannot be used as an ELF file. The message is one line for the user, without the file's name.</summary>
/// <param name="message">What is wrong.</param>
public sealed class ElfException(string message) : Exception(message);
