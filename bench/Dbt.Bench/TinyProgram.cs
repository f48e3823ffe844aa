using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Dbt.Bench;

/// <summary>ELF files of a few instructions.</summary>
internal static class TinyProgram
{
    private const ulong Address = 0x10000;
    private const int HeaderLength = 64 + 56;

    /// <summary>A static riscv64 program: one segment, headers and code.</summary>
    public static byte[] Of(params ReadOnlySpan<uint> code)
    {
        var file = new byte[HeaderLength + code.Length * sizeof(uint)];
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file);
        Half(16, 2); // executable
        Half(18, 243); // RISC-V
        Word(20, 1);
        Long(24, Address + HeaderLength);
        Long(32, 64); // program headers
        Word(48, 4); // double-precision ABI
        Half(52, 64);
        Half(54, 56);
        Half(56, 1);
        Word(64, 1); // load
        Word(68, 5); // read and execute
        Long(80, Address);
        Long(88, Address);
        Long(96, (ulong)file.Length);
        Long(104, (ulong)file.Length);
        Long(112, 0x1000);
        MemoryMarshal.AsBytes(code).CopyTo(file.AsSpan(HeaderLength));
        return file;

        void Half(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Word(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);
        void Long(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
