using Dbt.Cli.Errors;
using Dbt.Lab.Code;
using Dbt.Runtime.Elf;

namespace Dbt.Cli.Code;

/// <summary>Reads the code and the symbols of an ELF file.</summary>
internal static class ElfImage
{
    /// <summary>The executable sections (of a file without sections, the executable segments) and the symbols.</summary>
    /// <exception cref="UserException">It cannot be read, or is no ELF file of a guest that this build knows.</exception>
    public static CodeImage Read(string path)
    {
        var bytes = InputFile.Read(path);
        try
        {
            var file = ElfFile.Parse(bytes, Guests.Machine);
            var sections = file.ReadSections().Where(section => section is { IsExecutable: true, Size: > 0 })
                .Select(section => new CodeSection(section.Name, section.Address, file.ReadContents(section))).ToList();
            return new CodeImage(sections.Count > 0 ? sections : Segments(file, bytes), file.ReadSymbols());
        }
        catch (ElfException error)
        {
            throw new UserException(path, error.Message, "--raw reads bare code", ExitCode.NotExecutable);
        }
    }

    // The parser has checked that they lie in the file.
    private static IEnumerable<CodeSection> Segments(ElfFile file, byte[] bytes) =>
        from segment in file.Segments
        where segment.Type == ElfSegmentType.Load && segment.FileSize > 0 && segment.Protection.HasFlag(Dbt.Runtime.Memory.MemoryProtection.Execute)
        select new CodeSection($"segment {segment.Index}", segment.Address, bytes.AsMemory((int)segment.Offset, (int)segment.FileSize));
}
