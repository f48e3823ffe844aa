using System.Globalization;
using System.Net;
using System.Text;
using Dbt.Lab.Listings;
using Dbt.Lab.Profiling;
using Dbt.Translator.Explaining;

namespace Dbt.Lab.Pages;

/// <summary>
/// A run as one HTML file that needs nothing else: the hottest translations with guest code, IL and host code side by side. Without
/// scripts it is a long page; with them it shows one translation at a time, and marks what belongs together.
/// </summary>
internal sealed class ExplainPage
{
    private readonly StringBuilder _html = new();
    private readonly RunProfile _profile;

    private ExplainPage(RunProfile profile) => _profile = profile;

    /// <summary>The file's text.</summary>
    public static string Write(RunProfile profile)
    {
        var page = new ExplainPage(profile);
        page.WriteAll();
        return page._html.ToString();
    }

    private void WriteAll()
    {
        Line("<!DOCTYPE html>");
        Line($"""<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{Text(_profile.Command)}: dbt explain</title>""");
        Line($"<style>{Resource("explain.css")}</style></head><body class=\"plain\">");
        Line($"<header><h1><code>{Text(_profile.Command)}</code></h1><p class=\"keys\"><kbd>n</kbd> <kbd>p</kbd> translation &nbsp;<kbd>j</kbd> <kbd>k</kbd> line &nbsp;<kbd>Enter</kbd> or click: keep marked &nbsp;<kbd>c</kbd> cold code</p>");
        Line($"<p>{Text(_profile.Isa.Name)}, engine {Text(_profile.Engine)}, code of {Text(_profile.Compiler)}; exit code {_profile.ExitCode}</p></header>");
        WriteNavigation();
        Line("<main>");
        WriteRun();
        for (var i = 0; i < _profile.Units.Count; i++)
            WriteUnit(i, _profile.Units[i]);
        Line($"</main><script>{Resource("explain.js")}</script></body></html>");
    }

    private void WriteNavigation()
    {
        Line("<nav aria-label=\"Translations\"><a href=\"#run\"><span>The run</span></a>");
        var most = _profile.Units.Select(unit => unit.Share).DefaultIfEmpty(1).Max();
        for (var i = 0; i < _profile.Units.Count; i++)
        {
            var unit = _profile.Units[i];
            Line($"""<a href="#u{i + 1}"><b>{Percent(unit.Share)}</b><span>{Text(TitleOf(unit))}</span><i style="width:{Number(100 * unit.Share / most, "f1")}%"></i></a>""");
        }
        Line("</nav>");
    }

    private void WriteRun()
    {
        var statistics = _profile.Statistics;
        Line("<section id=\"run\"><h2>The run</h2>");
        var rate = statistics.Instructions / Math.Max(1e-9, _profile.Elapsed.TotalSeconds) / 1e6;
        Facts(
            ("instructions", Count(statistics.Instructions)), ("time", $"{Number(_profile.Elapsed.TotalSeconds, "f3")} s"), ("speed", $"{Number(rate, "f0")} million a second"),
            ("samples", Count(_profile.Samples)), ("lookups", Count(statistics.Lookups)), ("evictions", Count(statistics.Evictions)), ("invalidations", Count(statistics.Invalidations)));
        Line("<p>Shares and counts are estimates from samples, each of an instruction that the guest was about to execute, by whichever tier. Taking them is why tiers were left for their budget so often.</p>");
        Line("<h3>Tiers</h3><table><tr><th>tier</th><th>instructions</th><th>seconds</th><th>entries</th><th>translations</th><th>their instructions</th><th>their bytes</th><th>compile time, s</th></tr>");
        foreach (var tier in statistics.Tiers)
            Line($"<tr><td>{Text(tier.Name)}</td><td>{Count(tier.Instructions)}</td><td>{Seconds(tier.Time)}</td><td>{Count(tier.Entries)}</td><td>{Count(tier.Blocks)}</td><td>{Count(tier.BlockInstructions)}</td><td>{Count(tier.Bytes)}</td><td>{Seconds(tier.TranslationTime)}</td></tr>");
        Line("</table>");
        foreach (var tier in statistics.Tiers.Where(tier => tier.Exits.Count > 0))
            WriteCounts($"Why {tier.Name} was left", [.. tier.Exits.Select(exit => (ExitCauses.NameOf(exit.Key), exit.Value))]);
        if (statistics.HandedOver.Count > 0)
            WriteCounts("Interpreted for compiled code", [.. statistics.HandedOver.Select(operation => (operation.Key, operation.Value))]);
        WriteHottest();
        Line("</section>");
    }

    private void WriteHottest()
    {
        Line("<h3>Where the instructions were executed</h3><table><tr><th>translation</th><th>share</th><th></th><th>executed</th><th>guest</th><th>host bytes</th><th>compiled in, µs</th></tr>");
        for (var i = 0; i < _profile.Units.Count; i++)
        {
            var unit = _profile.Units[i];
            Line($"""<tr><td><a href="#u{i + 1}">{Text(TitleOf(unit))}</a></td><td>{Percent(unit.Share)}</td><td class="bar"><i style="width:{Number(100 * unit.Share, "f1")}%"></i></td><td>{Count(unit.Weight)}</td><td>{unit.Translation.Instructions.Count}</td><td>{unit.Translation.HostCode.Length}</td><td>{Number(unit.Translation.CompileTime.TotalMicroseconds, "f1")}</td></tr>""");
        }
        Line("</table>");
    }

    private void WriteCounts(string title, IReadOnlyList<(string Name, long Count)> counts)
    {
        Line($"<h3>{Text(title)}</h3><table>");
        var most = Math.Max(1, counts.Max(count => count.Count));
        foreach (var (name, count) in counts.Take(20))
            Line($"<tr><td>{Text(name)}</td><td>{Count(count)}</td><td class=\"bar\"><i style=\"width:{Number(100.0 * count / most, "f1")}%\"></i></td></tr>");
        Line("</table>");
    }

    private void WriteUnit(int index, ProfiledUnit unit)
    {
        var block = unit.Translation;
        var listing = new BlockListing(block, _profile.Image, _profile.Disassembler);
        Line($"<section id=\"u{index + 1}\"><h2>{Text(TitleOf(unit))}</h2>");
        var entries = unit.Counts.GetValueOrDefault(block.Start);
        Facts(
            ("share", Percent(unit.Share)), ("start executed", $"about {Count(entries)} times"), ("guest instructions", $"{block.Instructions.Count}"),
            ("host bytes", $"{block.HostCode.Length}"), ("compiled in", $"{Number(block.CompileTime.TotalMicroseconds, "f1")} µs"), ("patch points", $"{block.PatchPoints.Count}"));
        Line($"<p>Where it was cut: {Text(unit.Cut)}.</p>");
        foreach (var remark in block.Remarks)
            Line($"<p>{Text(remark)}</p>");
        if (!unit.IsTranslated)
            Line("<p>It was too cold to be compiled in this run: this is what it would have become.</p>");
        WriteListing(unit, listing);
        WritePatchPoints(block);
        Line($"<footer>{Text(listing.Summary())}</footer></section>");
    }

    private void WriteListing(ProfiledUnit unit, BlockListing listing)
    {
        var hasIl = unit.Translation.Il.Count > 0;
        var isApart = listing.Unassigned.Count > 0;
        Line($"<div class=\"listing code {(hasIl ? "three" : "two")}\"><div class=\"head\">Guest</div>{(hasIl ? "<div class=\"head\">IL</div>" : "")}<div class=\"head\">Host</div>");
        var most = Math.Max(1, unit.Counts.Values.DefaultIfEmpty().Max());
        for (var i = 0; i < listing.Sections.Count; i++)
        {
            var section = listing.Sections[i];
            var group = section.Instruction >= 0 ? $" data-g=\"{section.Instruction}\"" : "";
            var cold = section.IsCold ? " cold" : "";
            WriteGuest(unit, section, group, cold, most);
            if (hasIl)
                Line($"<div class=\"il{cold}\"{group}>{Text(string.Join('\n', section.Il))}</div>");
            if (!isApart)
                Line($"<div class=\"host{cold}\"{group}>{string.Join('\n', section.Host.Select(HostText))}{(section.Host.Count == 0 ? "<span class=\"dim\">(waits for what follows)</span>" : "")}</div>");
            else if (i == 0)
                Line($"<div class=\"host span\" style=\"--rows:{listing.Sections.Count};grid-column:{(hasIl ? 3 : 2)}\">{string.Join('\n', listing.Unassigned.Select(HostText))}</div>");
        }
        Line("</div>");
    }

    private void WriteGuest(ProfiledUnit unit, ListingSection section, string group, string cold, long most)
    {
        var count = section is { Instruction: >= 0, IsCold: false } && section.Instruction < unit.Translation.Instructions.Count
            ? unit.Counts.GetValueOrDefault(unit.Translation.Instructions[section.Instruction].Pc)
            : 0;
        var heat = count > 0 ? $" style=\"--heat:{Number(100.0 * count / most, "f0")}%\"" : "";
        Line($"<div class=\"guest{cold}\"{group}{heat}><span class=\"t\">{Text(section.Title.Trim())}</span>{(count > 0 ? $"<span class=\"n\">{Count(count)}</span>" : "")}</div>");
    }

    private void WritePatchPoints(BlockExplanation block)
    {
        if (block.PatchPoints.Count == 0)
            return;
        Line("<h3>Patch points</h3><table><tr><th>at</th><th>leads to</th><th>until that is translated, to</th></tr>");
        foreach (var point in block.PatchPoints)
        {
            var name = _profile.Image.NameOf(point.Target) is { } symbol ? $" &lt;{Text(symbol)}&gt;" : "";
            Line($"<tr><td><code>+{point.Offset:x3}</code></td><td><code>{point.Target:x}{name}</code></td><td><code>+{point.Unlinked:x3}</code></td></tr>");
        }
        Line("</table>");
    }

    private static string HostText(HostLine line)
    {
        var note = line.Note.Length > 0 ? $"  <span class=\"patch\">⇢ {Text(line.Note)}</span>" : "";
        return $"<span class=\"dim\">{line.Offset:x3}</span>  {Text(line.Text)}{note}";
    }

    private static string TitleOf(ProfiledUnit unit) => unit.Name is { } name ? $"{name} ({unit.Translation.Start:x})" : $"{unit.Translation.Start:x}";

    private void Facts(params (string Name, string Value)[] facts) =>
        Line($"<div class=\"facts\">{string.Concat(facts.Select(fact => $"<span><span class=\"dim\">{fact.Name}</span> <b>{fact.Value}</b></span>"))}</div>");

    private static string Resource(string name)
    {
        using var stream = new StreamReader(typeof(ExplainPage).Assembly.GetManifestResourceStream(name)!);
        return stream.ReadToEnd();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Count(long value) => value.ToString("n0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => Number(100 * share, "f1") + " %";

    private static string Seconds(TimeSpan time) => Number(time.TotalSeconds, "f3");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private void Line(string text) => _html.Append(text).Append('\n');
}
