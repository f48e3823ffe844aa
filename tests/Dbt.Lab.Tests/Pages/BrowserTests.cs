using System.Text.RegularExpressions;

namespace Dbt.Lab.Tests.Pages;

/// <summary>The page in a browser: what happens on keys and clicks.</summary>
public sealed class BrowserTests
{
    // Runs behind the page's own script, and leaves what it saw in the document.
    private const string Script = """
        <script>
        const seen = [];
        const key = name => document.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
        const shown = () => [...document.querySelectorAll('section')].filter(section => section.offsetParent !== null).map(section => section.id).join();
        const has = name => [...document.querySelectorAll('section.shown .' + name)].map(cell => cell.classList[0] + (cell.dataset.g ?? '-')).join();
        seen.push('start=' + shown());
        key('n'); seen.push('next=' + shown());
        key('j'); key('j'); seen.push('line=' + has('on'));
        key('Enter'); seen.push('pinned=' + has('pinned'));
        key('Escape'); seen.push('escaped=' + has('pinned') + has('on'));
        document.querySelector('section.shown .host[data-g="1"]').click(); seen.push('clicked=' + has('pinned'));
        const cold = () => [...document.querySelectorAll('section.shown .cold')].filter(cell => cell.offsetParent !== null).length;
        const before = cold(); key('c'); seen.push('cold=' + (before > 0) + cold());
        document.querySelector('nav a[href="#run"]').click(); seen.push('link=' + shown() + location.hash);
        seen.push('scroll=' + (document.documentElement.scrollWidth <= innerWidth));
        document.title = seen.join(';');
        </script>
        """;

    [ChromiumFact]
    public void Keys_and_clicks_go_through_translations_and_mark_what_belongs_together()
    {
        using var folder = new TemporaryFolder();
        DbtProcess.Run("explain", "--html", folder["page.html"], "--engine", "baseline", DbtProcess.Guest("count"), "2000000").Exits(0);
        var page = File.ReadAllText(folder["page.html"]);
        File.WriteAllText(folder["page.html"], page.Replace("</body>", Script + "</body>", StringComparison.Ordinal));

        var dom = DbtProcess.Run("chromium", new Dictionary<string, string?>(), "--headless=new", "--no-sandbox", "--disable-gpu",
            "--user-data-dir=" + folder["profile"], "--window-size=1300,900", "--dump-dom", "file://" + folder["page.html"]).Exits(0);
        var seen = Regex.Match(dom.Output, "<title>(.*?)</title>").Groups[1].Value.Split(';').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1));

        Assert.Equal("run", seen["start"]);
        Assert.Equal("u1", seen["next"]);
        Assert.Matches(@"^guest(\d),host\1(,guest\1,host\1)*$", seen["line"]!);
        Assert.Equal(seen["line"], seen["pinned"]);
        Assert.Equal("", seen["escaped"]);
        Assert.Matches("^guest1,host1", seen["clicked"]!);
        Assert.Equal("true0", seen["cold"]);
        Assert.Equal("run#run", seen["link"]);
        Assert.Equal("true", seen["scroll"]);
    }
}
