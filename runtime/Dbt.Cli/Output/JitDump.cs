using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace Dbt.Cli.Output;

/// <summary>
/// The file from which <c>perf inject --jit</c> makes ELF files of generated code, so that <c>perf annotate</c> shows its instructions.
/// Its format is that of tools/perf/Documentation/jitdump-specification.txt in Linux's sources. Times are those of CLOCK_MONOTONIC,
/// which <c>perf record -k mono</c> uses too.
/// </summary>
internal sealed class JitDump : ProfilerFile
{
    /// <summary>Where it is written; <c>perf</c> finds it by its name.</summary>
    public const string Pattern = "/tmp/jit-PID.dump";

    private const uint Magic = 0x4A695444; // "JiTD"
    private const uint Version = 1;
    private const uint MachineX64 = 62;
    private const int HeaderBytes = 40;
    private const uint CodeLoad = 0;
    private const int CodeLoadBytes = 56;

    private readonly FileStream _file;
    private readonly MemoryMappedFile _mapped;
    private readonly MemoryMappedViewAccessor _marker;
    private ulong _index;

    /// <summary>Creates the file.</summary>
    public JitDump()
    {
        _file = new FileStream(
            Pattern.Replace("PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite, BufferSize = 0 });
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], MachineX64);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], (uint)Environment.ProcessId);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], Now);
        _file.Write(header);
        // perf records that the file was mapped executable, and so learns of it.
        _mapped = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.ReadExecute, HandleInheritability.None, leaveOpen: true);
        _marker = _mapped.CreateViewAccessor(0, HeaderBytes, MemoryMappedFileAccess.ReadExecute);
    }

    private static ulong Now => (ulong)Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _marker.Dispose();
        _mapped.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc/>
    protected override unsafe void Add(string name, byte* code, int length)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var record = new byte[CodeLoadBytes + text.Length + 1 + length];
        BinaryPrimitives.WriteUInt32LittleEndian(record, CodeLoad);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), (uint)record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(8), Now);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), (uint)Environment.ProcessId);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(20), (uint)Environment.ProcessId);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(24), (ulong)code);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(32), (ulong)code);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(40), (ulong)length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(48), _index++);
        text.CopyTo(record, CodeLoadBytes);
        new ReadOnlySpan<byte>(code, length).CopyTo(record.AsSpan(CodeLoadBytes + text.Length + 1));
        _file.Write(record);
    }
}
