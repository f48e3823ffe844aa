using Spectre.Console;

namespace Dbt.Cli.Output;

/// <summary>Tables on standard output: with borders and colours on a terminal, bare columns of full width in a pipe or a file.</summary>
internal static class TextTable
{
    // Wide enough that nothing is folded when nobody looks.
    private const int UnlimitedWidth = 4096;

    /// <summary>An empty table.</summary>
    /// <param name="headers">Column titles; one that starts with <c>#</c> is a column of numbers.</param>
    public static Table Create(params string[] headers)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        foreach (var header in headers)
        {
            var column = new TableColumn(new Text(header.TrimStart('#')));
            if (header.StartsWith('#'))
                column.RightAligned();
            if (Console.IsOutputRedirected)
                column.NoWrap();
            table.AddColumn(column);
        }
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Add(this Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            texts[i] = new Text(cells[i]);
        table.AddRow(texts);
    }

    /// <summary>Writes a table to standard output.</summary>
    public static void Write(Table table)
    {
        if (!Console.IsOutputRedirected)
        {
            AnsiConsole.Write(table);
            return;
        }
        var page = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(page),
        });
        console.Profile.Width = UnlimitedWidth;
        console.Write(table);
        foreach (var line in page.ToString().Split('\n'))
            if (line.TrimEnd() is { Length: > 0 } text)
                Console.Out.WriteLine(text);
    }
}
