namespace Dbt.Runtime.Elf;

/// <summary>Where <see cref="ElfLoader"/> has put a file. All addresses are the guest's, load bias included.</summary>
/// <param name="Entry">The first instruction.</param>
/// <param name="Bias">What was added to the file's addresses; 0 for a program at fixed addresses.</param>
/// <param name="Start">The lowest page.</param>
/// <param name="End">First address behind the last segment, where the heap (brk) may start; not rounded.</param>
/// <param name="ProgramHeaders">The program headers in memory; 0 when no segment contains them.</param>
/// <param name="ProgramHeaderCount">How many there are, of <see cref="ElfSegment.EntrySize"/> bytes each.</param>
/// <param name="InterpreterPath">The program that must be loaded too and be entered instead; null when there is none.</param>
/// <param name="StackIsExecutable">Whether the file asks for a stack that can be executed.</param>
public sealed record LoadedImage(
    ulong Entry,
    ulong Bias,
    ulong Start,
    ulong End,
    ulong ProgramHeaders,
    int ProgramHeaderCount,
    string? InterpreterPath,
    bool StackIsExecutable);
