using System.Globalization;
using System.Text;

namespace Dbt.Bench.Comparing;

/// <summary>The inputs of Debian's programs, made once and the same everywhere.</summary>
/// <param name="folder">Where they are kept.</param>
internal sealed class ProgramInputs(string folder)
{
    private const int TextBytes = 20_000_000;
    private const int ExcerptBytes = 1_000_000;
    private const int Words = 20_000;
    private const int Inserts = 200_000;
    private const int Functions = 80;

    /// <summary>20 MB of text that compress to a third: words of a vocabulary, the frequent ones short.</summary>
    public string Text() => Make("text", WriteText);

    /// <summary>The first megabyte of it.</summary>
    public string Excerpt() => Make("excerpt", output =>
    {
        using var text = new StreamReader(Text());
        var buffer = new char[ExcerptBytes];
        output.Write(buffer, 0, text.ReadBlock(buffer));
    });

    /// <summary>SQL that fills a table with an index and asks it something.</summary>
    public string Sql() => Make("inserts", output =>
    {
        output.WriteLine("begin; create table t(a integer, b text, c real); create index i on t(b);");
        var random = new MinimalRandom();
        for (var i = 1; i <= Inserts; i++)
        {
            random.Next(1);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"insert into t values({i}, 'key {random.State}', {random.State / 7.0:f3});"));
        }
        output.WriteLine("commit; select count(*), min(b), max(b), round(sum(c)) from t where b > 'key 3';");
    });

    /// <summary>2,000 lines of C without a header: integer and floating-point loops, structures, strings, a switch.</summary>
    public string Source() => Make("source.c", output =>
    {
        output.WriteLine("struct item { struct item *next; long key; double weight; char name[16]; };");
        for (var i = 0; i < Functions; i++)
            output.Write(FunctionsNumber(i));
    });

    private string Make(string name, Action<TextWriter> write)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(folder);
        using (var output = new StreamWriter(path + ".part") { NewLine = "\n" })
            write(output);
        File.Move(path + ".part", path);
        return path;
    }

    private static void WriteText(TextWriter output)
    {
        const string Letters = "etaoinshrdlucmfwypvbgk";
        var random = new MinimalRandom();
        var words = new string[Words];
        for (var i = 0; i < Words; i++)
        {
            var word = new StringBuilder();
            for (var length = 2 + random.Next(4 + i / 4000); length > 0; length--)
                word.Append(Letters[random.Next(Letters.Length)]);
            words[i] = word.ToString();
        }
        var line = new StringBuilder();
        for (var bytes = 0; bytes < TextBytes; bytes += line.Length + 1)
        {
            line.Clear();
            while (line.Length < 70)
                line.Append(words[Math.Max(0, (int)Math.Pow(Words, random.Next(10_000) / 10_000.0) - 1)]).Append(' ');
            output.Write(line);
            output.Write('\n');
        }
    }

    private static string FunctionsNumber(int i) => string.Create(CultureInfo.InvariantCulture, $$"""
        static long mix_{{i}}(const unsigned char *p, long n)
        {
            unsigned long h = {{i * 2654435761L % 4294967296}}UL;
            for (long i = 0; i < n; i++) {
                h ^= p[i];
                h *= {{2 * i + 16777619}}UL;
                h ^= h >> {{i % 31 + 1}};
            }
            return (long)h;
        }
        double sum_{{i}}(struct item *first, double *v, int n)
        {
            double total = {{i}};
            for (struct item *p = first; p; p = p->next)
                total += p->weight * v[p->key % n] + mix_{{i}}((unsigned char *)p->name, {{i % 16}});
            for (int i = 1; i < n; i++)
                v[i] = v[i - 1] * {{i % 8 + 1}}.5 + (i & {{i % 5 + 3}} ? v[i] : -v[i]);
            switch (n % {{i % 5 + 3}}) {
            case 0: return total;
            case 1: return -total;
            case 2: total /= n + 1;
            }
            return total + v[n / 2];
        }

        """);

    // The generator of Park and Miller: the same numbers on every host.
    private sealed class MinimalRandom
    {
        private const long Modulus = int.MaxValue;

        public long State { get; private set; } = 1;

        public int Next(int limit)
        {
            State = State * 16807 % Modulus;
            return (int)((double)State / Modulus * limit);
        }
    }
}
