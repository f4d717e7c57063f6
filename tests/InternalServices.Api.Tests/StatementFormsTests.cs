using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsvHelper;
using Testing.Documents;

namespace InternalServices.Api.Tests;

/// <summary>A statement is read back from each of its forms, by parsers that are not ours.</summary>
public sealed partial class StatementFormsTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;
    private ApiAnswer _json = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        var september = _month.In("2026-09");
        await september.Cost(_month.Support, EntryItem.Of(september.At, "2000.00"));
        await september.CloseCompletely(0, 1000);

        // Sales bears 33.33 of the service, 1,249.56 of the support and 5.50 of its own.
        await _month.Cost(_month.Support, EntryItem.Of(Month.Name, "2469.12"));
        await _month.Cost(_month.Support, EntryItem.Of(Month.Name, "5.50", department: _month.Sales));
        (await _mesh.Provider.Post(
            $"departments/{_month.Sales}/budgets",
            new { from = "2026-09", amounts = new[] { Usd("900.00"), Usd("1250.00") }, reason = "Plan of the year" },
            ApiClient.NewKey())).Is(201);
        await _month.CloseCompletely(0, 1254.56m);
        _json = await _month.Statement(_month.Sales);
        _path = $"statements/{(string)_json["statement"]["id"]!}";
    }

    [Fact]
    public async Task Every_form_shows_the_same_figures()
    {
        (string Name, decimal Amount)[] lines =
        [
            .. _json["lines"].AsArray().Select(line => ((string)line!["poolName"]!, Decimal(line["amount"]!))),
        ];
        Assert.Equal([5.50m, 33.33m, 1249.56m], lines.Select(line => line.Amount).Order());
        var total = Decimal(_json["statement"]["total"]!);
        Assert.Equal((1288.39m, lines.Sum(line => line.Amount)), (total, total));

        Assert.Equal(lines, await Csv());
        foreach (var language in new[] { "en", "es" })
        {
            var (html, pdf) = (await Html(language), await Pdf(language));
            Assert.Equal([.. lines, ("Total", total)], TableOf(html, language));
            foreach (var (name, amount) in lines)
            {
                Assert.Contains(pdf, row => row.TrimStart().StartsWith(name, StringComparison.Ordinal)
                    && row.EndsWith($" {Printed(amount, language)}", StringComparison.Ordinal));
            }

            Assert.Contains(pdf, row => TotalRow().IsMatch(row)
                && row.EndsWith($" {Printed(total, language)}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_charge_is_drawn_beside_budget_and_last_month()
    {
        var comparison = _json["comparison"];
        Assert.Equal((1250.00m, 38.39m), (Decimal(comparison["budget"]!), Decimal(comparison["overBudget"]!)));
        Assert.Equal((1000.00m, 288.39m), (Decimal(comparison["lastMonth"]!), Decimal(comparison["overLastMonth"]!)));

        string[] amounts = ["1,288.39 USD", "1,250.00 USD", "1,000.00 USD"];
        var html = await Html("en");
        var chart = html.Descendants("svg").Single();
        string[] labels = [.. chart.Elements("text").Select(text => text.Value)];
        Assert.Equal(["October 2026", amounts[0], "Budget", amounts[1], "September 2026", amounts[2]], labels);
        decimal[] lengths = [.. chart.Elements("rect").Select(bar => (decimal)bar.Attribute("width")!)];
        Assert.Equal(1250.00m / 1288.39m, lengths[1] / lengths[0], 2);
        Assert.Equal(1000.00m / 1288.39m, lengths[2] / lengths[0], 2);

        var pdf = await Pdf("en");
        Assert.All(amounts, amount => Assert.Contains(pdf, row => row.Contains(amount, StringComparison.Ordinal)));
        Assert.Contains(pdf, row => SpacedOut().Replace(row.Trim(), " ") == "Budget 1,250.00 38.39 3.07%");
        Assert.Contains(pdf, row => SpacedOut().Replace(row.Trim(), " ") == "Last month 1,000.00 288.39 28.84%");
    }

    [Fact]
    public async Task Without_budget_and_last_month_nothing_is_invented()
    {
        var first = await _month.In("2026-09").Statement("EXTERNAL-BUSINESS");
        Assert.Null(first["comparison"].AsObject()["budget"]);
        Assert.Null(first["comparison"].AsObject()["overLastMonth"]);
        var page = await _mesh.Provider.GetFile($"statements/{(string)first["statement"]["id"]!}", "text/html");
        Assert.DoesNotContain("Compared with", page.Text, StringComparison.Ordinal);
        Assert.Contains(">–<", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_chooses_the_language_and_the_form()
    {
        var german = await _mesh.Provider.GetFile(_path, "text/html", "de");
        Assert.Contains("Statement of charges", german.Text, StringComparison.Ordinal);
        var spanish = await _mesh.Department(_month.Sales).GetFile(_path, "text/html", "es-MX, en;q=0.5");
        Assert.Contains("Extracto de cargos", spanish.Text, StringComparison.Ordinal);
        Assert.Contains("octubre de 2026", spanish.Text, StringComparison.Ordinal);

        Assert.Equal("application/json", (await _mesh.Provider.GetFile(_path, "*/*")).MediaType);
        Assert.Equal("text/csv", (await _mesh.Provider.GetFile(_path, "text/*, application/json;q=0.1")).MediaType);
        var refused = await _mesh.Provider.GetFile(_path, "image/png");
        Assert.Equal((406, "application/problem+json"), (refused.Status, refused.MediaType));
        Assert.Equal("not-acceptable", (string)JsonNode.Parse(refused.Text)!["code"]!);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    [InlineData("text/html")]
    [InlineData("application/pdf")]
    public async Task Another_department_sees_it_in_no_form(string form)
    {
        Assert.Equal(200, (await _mesh.Department(_month.Sales).GetFile(_path, form)).Status);
        var stranger = await _mesh.Department(_month.Research).GetFile(_path, form);
        Assert.Equal(404, stranger.Status);
        Assert.DoesNotContain(_month.Sales, stranger.Text, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task<List<(string, decimal)>> Csv()
    {
        var file = await _mesh.Provider.GetFile(_path, "text/csv");
        using var reader = new CsvReader(new StringReader(file.Text), CultureInfo.InvariantCulture);
        Assert.True(await reader.ReadAsync() && reader.ReadHeader());
        var lines = new List<(string, decimal)>();
        while (await reader.ReadAsync()) lines.Add((reader.GetField("poolName")!, reader.GetField<decimal>("amount")));
        return lines;
    }

    private async Task<XElement> Html(string language)
    {
        var page = await _mesh.Provider.GetFile(_path, "text/html", language);
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        var start = page.Text.IndexOf("<body>", StringComparison.Ordinal);
        return XElement.Parse(page.Text[start..page.Text.IndexOf("</html>", StringComparison.Ordinal)]);
    }

    private static List<(string, decimal)> TableOf(XElement body, string language) =>
    [
        .. body.Descendants("table").Last().Element("tbody")!.Elements("tr")
            .Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())
            .Select(cells => (cells[0], Read(cells[^1], language))),
    ];

    private async Task<List<string>> Pdf(string language)
    {
        var file = await _mesh.Provider.GetFile(_path, "application/pdf", language);
        Assert.Equal((200, "application/pdf"), (file.Status, file.MediaType));
        return [.. string.Concat(await PdfText.PagesOf(file.Content)).Split('\n').Select(row => row.TrimEnd())];
    }

    private static decimal Read(string text, string language) => decimal.Parse(
        language == "en"
            ? text.Replace(",", "", StringComparison.Ordinal)
            : text.Replace(".", "", StringComparison.Ordinal).Replace(',', '.'),
        CultureInfo.InvariantCulture);

    private static string Printed(decimal amount, string language)
    {
        var english = amount.ToString("N2", CultureInfo.InvariantCulture);
        return language == "en" ? english : english.Replace(',', ' ').Replace('.', ',').Replace(' ', '.');
    }

    private static decimal Decimal(JsonNode money) =>
        decimal.Parse((string)money["amount"]!, CultureInfo.InvariantCulture);

    private static object Usd(string amount) => new { amount, currency = "USD" };

    [GeneratedRegex(@"^\s*Total\s")]
    private static partial Regex TotalRow();

    [GeneratedRegex(@"\s{2,}")]
    private static partial Regex SpacedOut();
}
