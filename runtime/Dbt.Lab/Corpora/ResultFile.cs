using System.Globalization;
using System.Text.Json;

namespace Dbt.Lab.Corpora;

/// <summary>Figures of a replay as JSON, to be compared with those of another build.</summary>
internal static class ResultFile
{
    /// <summary>The version that is written.</summary>
    public const int Version = 1;

    private const string Kind = "dbt lab replay";

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(ReplayResult result)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            json.WriteNumber("version", Version);
            json.WriteString("engine", result.Engine);
            json.WriteString("build", result.Build);
            json.WriteString("corpus", result.Corpus);
            json.WriteStartArray("regions");
            foreach (var region in result.Regions)
                Write(json, region);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="LabException">It is none, a newer one, or damaged.</exception>
    public static ReplayResult Read(string name, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            if (root.GetProperty("kind").GetString() != Kind)
                throw NoResult(name);
            if (root.GetProperty("version").GetInt32() is var version && version != Version)
                throw new LabException(name, $"has figures of version {version}, and this dbt reads version {Version}", "replay with this dbt");
            return new ReplayResult(Text(root, "engine"), Text(root, "build"), Text(root, "corpus"), [.. root.GetProperty("regions").EnumerateArray().Select(Read)]);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw NoResult(name);
        }
    }

    private static LabException NoResult(string name) => new(name, "has no figures of a replay", "'dbt lab replay --save FILE' writes them");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private static void Write(Utf8JsonWriter json, ReplayedRegion region)
    {
        json.WriteStartObject();
        json.WriteString("start", region.Start.ToString("x", CultureInfo.InvariantCulture));
        json.WriteString("title", region.Title);
        json.WriteNumber("share", region.Share);
        json.WriteNumber("instructions", region.Instructions);
        json.WriteNumber("nanoseconds", region.Nanoseconds);
        json.WriteNumber("compileMicroseconds", region.CompileMicroseconds);
        json.WriteNumber("translations", region.Translations);
        json.WriteNumber("hostBytes", region.HostBytes);
        if (region.PredictedCycles is { } cycles)
            json.WriteNumber("predictedCycles", cycles);
        json.WriteEndObject();
    }

    private static ReplayedRegion Read(JsonElement element) => new(
        ulong.Parse(Text(element, "start"), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        Text(element, "title"),
        element.GetProperty("share").GetDouble(),
        element.GetProperty("instructions").GetInt64(),
        element.GetProperty("nanoseconds").GetDouble(),
        element.GetProperty("compileMicroseconds").GetDouble(),
        element.GetProperty("translations").GetInt32(),
        element.GetProperty("hostBytes").GetInt32(),
        element.TryGetProperty("predictedCycles", out var cycles) ? cycles.GetDouble() : null);
}
