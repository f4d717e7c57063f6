using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ExternalServices.Api.Tests.Billing;
using Testing.Documents;

namespace ExternalServices.Api.Tests.Documents;

public sealed class PrintedDocumentTests(ExternalService service)
{
    [Fact]
    public async Task An_invoice_is_printed_in_the_customers_language_with_its_own_figures()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var path = $"/external/v1/invoices/{invoice.Text("id")}";
        string[] expected =
        [
            "Factura", invoice.Text("number"), "Northwind IT Services S.L.", "ESA87654321", "100,00", "0,63", "100,63",
            "21 %", "21,13", "121,76", "octubre de 2026", "1 mes", "Rogamos el pago de 121,76 EUR",
        ];
        var html = await Html(service.As(world.Customer), path);
        Assert.All(expected, text => Assert.Contains(text, html));
        var pdf = await Pdf(path);
        Assert.All(expected, text => Assert.Contains(text, pdf));
    }

    [Fact]
    public async Task Reverse_charge_is_said_in_english_to_who_reads_english()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var code = $"{world.Customer}-DE";
        var body = System.Text.Json.JsonSerializer
            .SerializeToNode(world.CustomerBody(code, country: "DE", vatId: "DE123456789"))!.AsObject();
        body["language"] = "en";
        await service.Provider.Post("/external/v1/customers", body);
        await world.Publish(world.Plan, [World.Flat("BASE", "1234.50", "inAdvance")]);
        var billed = await world.BillAs(code, "2026-10");
        var pdf = await Pdf($"/external/v1/invoices/{(await billed.TheInvoice()).Text("id")}");
        string[] expected =
            ["Invoice", "1,234.50", "October 2026", "0%", "Reverse charge", "Please pay 1,234.50 EUR by"];
        Assert.All(expected, text => Assert.Contains(text, pdf));
    }

    [Fact]
    public async Task A_credit_note_and_a_draft_say_what_they_are()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var note = await world.Credit(invoice, Money.Credit(1, "33.33"));
        var printed = await Pdf($"/external/v1/credit-notes/{note.Text("id")}");
        string[] expected =
        [
            "Factura rectificativa", note.Text("number"), invoice.Text("number"), "33,33", "7,00", "40,33",
            "Importe (EUR)",
        ];
        Assert.All(expected, text => Assert.Contains(text, printed));

        var other = await World.Create(service);
        var draft = await other.Issued(service, finalize: false);
        var html = await Html(service.Provider, $"/external/v1/invoices/{draft.Text("id")}");
        Assert.Contains("Borrador de factura", html);
    }

    [Theory]
    [InlineData("es", "Descripción", "IVA", "9.150,00", ',')]
    [InlineData("en", "Description", "VAT", "9,150.00", '.')]
    public async Task A_long_invoice_repeats_its_heads_on_each_page_and_ends_with_each_rate(
        string language, string head, string tax, string total, char point)
    {
        string[] classes = ["standard", "reduced", "superReduced"];
        var world = await World.Create(service);
        foreach (var (taxClass, percent) in classes.Zip(["21", "10", "4"])) await world.Tax("ES", percent, taxClass);
        var code = $"{world.Customer}-L";
        var body = System.Text.Json.JsonSerializer.SerializeToNode(world.CustomerBody(code))!.AsObject();
        body["language"] = language;
        await service.Provider.Post("/external/v1/customers", body);
        await world.Publish(world.Plan, [.. Enumerable.Range(1, 100).Select(i => new
        {
            code = $"F{i}",
            service = "SUPPORT",
            description = $"Support of site {i}, on working days",
            price = new { model = "flat", amount = $"{i + 41}.00", timing = "inAdvance" },
            taxClass = classes[i % 3],
        })]);
        var invoice = await (await world.BillAs(code, "2026-10")).TheInvoice();
        var note = await world.Credit(invoice, new
        {
            reason = "Agreed",
            lines = Enumerable.Range(1, 100).Select(number => new { number, amount = "1.00" }),
        });
        var pages = await Pages($"/external/v1/invoices/{invoice.Text("id")}");
        Assert.True(pages.Count >= 3, $"{pages.Count} pages");
        Assert.All(pages.SkipLast(1), page => Assert.Matches($@"{head}.* {tax} ", page));
        Assert.All(Enumerable.Range(1, 100), i => Assert.Single(pages, page => page.Contains($"site {i},")));
        Assert.All(Figures(total, "120.12", "311.10", "637.56"), text => Assert.Contains(text, pages[^1]));
        var credited = string.Concat(await Pages($"/external/v1/credit-notes/{note.Text("id")}"));
        Assert.All(Figures(tax, "1.32", "3.40", "6.93"), text => Assert.Contains(text, credited));
        Assert.Empty(UblRules.Broken(await Ubl($"invoices/{invoice.Text("id")}")));
        Assert.Empty(UblRules.Broken(await Ubl($"credit-notes/{note.Text("id")}")));

        IEnumerable<string> Figures(string text, params string[] figures) =>
            figures.Select(figure => figure.Replace('.', point)).Prepend(text);
    }

    [Fact]
    public async Task Another_customers_documents_are_not_given_in_any_form()
    {
        var (mine, other) = (await World.Create(service), await World.Create(service));
        var (_, theirs) = (await mine.Issued(service), await other.Issued(service));
        var note = await other.Credit(theirs, Money.Credit(1, "1.00"));
        string[] paths =
            [$"/external/v1/invoices/{theirs.Text("id")}", $"/external/v1/credit-notes/{note.Text("id")}"];
        foreach (var path in paths)
        {
            foreach (var form in new[] { "text/html", "application/pdf", "application/xml", "application/json" })
            {
                using var answer = await Get(service.As(mine.Customer), path, form);
                Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
                Assert.DoesNotContain(other.Customer, await answer.Content.ReadAsStringAsync());
            }
        }

        using var nothing = await Get(service.Provider, paths[0], "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, nothing.StatusCode);
        var problem = JsonNode.Parse(await nothing.Content.ReadAsStringAsync())!;
        Assert.Equal("not-acceptable", problem.Code());
    }

    private static async Task<HttpResponseMessage> Get(ApiClient client, string path, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(form);
        return await client.Raw(request);
    }

    private static async Task<string> Html(ApiClient client, string path)
    {
        using var answer = await Get(client, path, "text/html");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private async Task<XElement> Ubl(string path)
    {
        using var answer = await Get(service.Provider, $"/external/v1/{path}", "application/xml");
        return XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
    }

    private async Task<string> Pdf(string path) => string.Concat(await Pages(path));

    private async Task<IReadOnlyList<string>> Pages(string path)
    {
        using var answer = await Get(service.Provider, path, "application/pdf");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await PdfText.PagesOf(await answer.Content.ReadAsByteArrayAsync());
    }
}
