using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Fuzz.Qemu;

namespace Dbt.Fuzz.Mutations;

/// <summary>A program with something wrong in it.</summary>
/// <param name="Origin">What it was made from.</param>
/// <param name="File">The ELF file.</param>
internal sealed record Mutant(string Origin, byte[] File)
{
    private const int HeaderBytes = 64 + 4 * 56;

    /// <summary>Flips bits and bytes of a program, or makes one of random bits.</summary>
    public static Mutant Create(FuzzGuest guest, IReadOnlyList<(string Name, byte[] File)> programs, RandomSource random)
    {
        if (programs.Count == 0 || random.OneIn(4))
            return new Mutant("random code", RandomCode(guest, random));
        var (name, original) = random.Pick(programs);
        var file = (byte[])original.Clone();
        // One mistake that matters, or so many that what is executed has some.
        for (var i = 1 + random.Below(random.OneIn(2) ? 8 : 1 + file.Length / 64); i > 0; i--)
            Mutate(file, random);
        return new Mutant(name, file);
    }

    private static void Mutate(byte[] file, RandomSource random)
    {
        // Headers are small, and code is what they lead to.
        var at = random.OneIn(10) ? random.Below(Math.Min(HeaderBytes, file.Length)) : random.Below(file.Length);
        switch (random.Below(4))
        {
            case 0:
                file[at] = (byte)random.Below(256);
                break;
            case 1:
                // Copying code elsewhere makes sense of it in another place.
                var length = Math.Min(2 * (1 + random.Below(8)), file.Length - Math.Max(at, HeaderBytes));
                if (length > 0)
                    file.AsSpan(HeaderBytes + random.Below(file.Length - HeaderBytes - length), length).CopyTo(file.AsSpan(at));
                break;
            default:
                file[at] ^= (byte)(1 << random.Below(8));
                break;
        }
    }

    // Instructions that may do anything, among words that may mean nothing.
    private static byte[] RandomCode(FuzzGuest guest, RandomSource random)
    {
        var code = new List<byte>();
        var count = 8 + random.Below(120);
        var isRaw = random.OneIn(4);
        for (var i = 0; i < count; i++)
        {
            var bits = (uint)random.NextUInt64();
            if (!isRaw)
            {
                var info = random.Pick(guest.Generator.Catalog.All).Info;
                bits = bits & ~info.Mask | info.Match;
            }
            code.AddRange(BitConverter.GetBytes(bits).AsSpan(0, guest.Isa.LengthOf((ushort)bits)));
        }
        var data = new byte[4096];
        for (var i = 0; i < data.Length; i += 8)
            BitConverter.TryWriteBytes(data.AsSpan(i), Values.Any(random));
        return ElfWriter.Write(guest.Isa.WordBits, Layout.Code, code.ToArray(), Layout.Data, data);
    }
}
