using System.Text.Json;

namespace Dbt.Bench.Comparing;

/// <summary>A comparison as JSON, every single figure included.</summary>
internal static class JsonReport
{
    /// <summary>Writes the document. Times are seconds.</summary>
    public static void Write(Stream output, Comparison comparison)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("version", 1);
        WriteList(json, "machine", comparison.Machine);
        json.WriteString("clock", comparison.Clock);
        json.WriteStartArray("runners");
        foreach (var runner in comparison.Runners)
        {
            json.WriteStartObject();
            json.WriteString("name", runner.Name);
            json.WriteString("kind", runner.Kind.ToString());
            WriteList(json, "command", runner.Words);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("measurements");
        foreach (var measurement in comparison.Measurements)
            Write(json, measurement);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Measurement measurement)
    {
        json.WriteStartObject();
        json.WriteString("workload", measurement.Workload.Name);
        json.WriteString("group", measurement.Workload.Group);
        json.WriteString("runner", measurement.Runner.Name);
        json.WriteNumber("median", measurement.Total);
        WriteList(json, "seconds", measurement.Seconds);
        if (measurement.Steady is { } steady)
        {
            json.WriteNumber("steady", steady);
            json.WriteNumber("part", measurement.Part);
            WriteList(json, "partSeconds", measurement.PartSeconds);
        }
        if (measurement.CompileSeconds is { } compiling)
            json.WriteNumber("compiling", compiling);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
