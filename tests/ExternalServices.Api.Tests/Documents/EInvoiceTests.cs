using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ExternalServices.Api.Tests.Billing;

namespace ExternalServices.Api.Tests.Documents;

/// <summary>Reads the e-invoices back and checks them by the rules that they must keep.</summary>
public sealed class EInvoiceTests(ExternalService service)
{
    private static readonly XNamespace Cbc = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2";
    private static readonly XNamespace Cac = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2";

    [Fact]
    public async Task A_domestic_invoice_states_parties_terms_and_tax()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var ubl = await Read($"invoices/{invoice.Text("id")}");
        Assert.Equal("Invoice", ubl.Name.LocalName);
        Assert.Equal(
            [
                "urn:cen.eu:en16931:2017", invoice.Text("number"), invoice.Text("issueDate"), invoice.Text("dueDate"),
                "380", invoice.Text("taxPoint"), "EUR",
            ],
            new[]
            {
                "CustomizationID", "ID", "IssueDate", "DueDate", "InvoiceTypeCode", "TaxPointDate",
                "DocumentCurrencyCode",
            }.Select(name => ubl.Element(Cbc + name)!.Value));
        Assert.Equal(["ESB12345678", "ESA87654321"], ubl.Descendants(Cbc + "CompanyID").Select(id => id.Value));
        Assert.Equal("Northwind IT Services S.L.", ubl.Descendants(Cbc + "RegistrationName").First().Value);
        Assert.Equal($"Payable by {invoice.Text("dueDate")}", ubl.Descendants(Cbc + "Note").Single().Value);
        Assert.Equal(
            ["MON", "C62"],
            ubl.Descendants(Cbc + "InvoicedQuantity").Select(unit => unit.Attribute("unitCode")!.Value));
        Assert.Equal("121.76", ubl.Descendants(Cbc + "PayableAmount").Single().Value);
        Assert.Null(ubl.Element(Cbc + "TaxCurrencyCode"));
        AssertKeepsRules(ubl);
    }

    [Fact]
    public async Task A_credit_note_names_its_invoice()
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var note = await world.Credit(invoice, Money.Credit(1, "33.33"));
        var ubl = await Read($"credit-notes/{note.Text("id")}");
        Assert.Equal("CreditNote", ubl.Name.LocalName);
        Assert.Equal("381", ubl.Element(Cbc + "CreditNoteTypeCode")!.Value);
        Assert.Equal(
            invoice.Text("number"),
            ubl.Descendants(Cac + "InvoiceDocumentReference").Single().Element(Cbc + "ID")!.Value);
        Assert.Equal("40.33", ubl.Descendants(Cbc + "PayableAmount").Single().Value);
        AssertKeepsRules(ubl);
    }

    [Theory]
    [InlineData("DE", "DE123456789", "AE", "VATEX-EU-AE")]
    [InlineData("US", null, "O", "VATEX-EU-O")]
    public async Task A_foreign_customer_is_told_why_there_is_no_tax(
        string country, string? vatId, string category, string reason)
    {
        var world = await Foreign("EUR", country, vatId);
        var invoice = await world.TheInvoice();
        var ubl = await Read($"invoices/{invoice.Text("id")}");
        var group = ubl.Descendants(Cac + "TaxSubtotal").Single();
        Assert.Equal(category, group.Element(Cac + "TaxCategory")!.Element(Cbc + "ID")!.Value);
        Assert.Equal(reason, group.Descendants(Cbc + "TaxExemptionReasonCode").Single().Value);
        Assert.Equal(category != "O", ubl.Descendants(Cbc + "CompanyID").Any());
        AssertKeepsRules(ubl);
    }

    [Fact]
    public async Task Tax_is_also_stated_in_the_currency_of_the_books()
    {
        var world = await Foreign("CHF", "ES", "ESA87654321");
        var invoice = await world.TheInvoice();
        var path = $"invoices/{invoice.Text("id")}";
        var missing = await Problem(path, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("exchange-rate-missing", missing.Code());
        Assert.DoesNotContain("equivale", await Printed(path));
        await service.Provider.Post(
            "/external/v1/exchange-rates", new { currency = "CHF", day = "2020-01-01", rate = "1.05" });
        var ubl = await Read(path);
        Assert.Equal("EUR", ubl.Element(Cbc + "TaxCurrencyCode")!.Value);
        Assert.Equal(
            ["CHF 21.00", "EUR 22.05"],
            ubl.Elements(Cac + "TaxTotal").Select(total => total.Element(Cbc + "TaxAmount")!)
                .Select(amount => $"{amount.Attribute("currencyID")!.Value} {amount.Value}"));
        Assert.Contains("La cuota de IVA equivale a 22,05 EUR.", await Printed(path));
        var note = await world.Credit(invoice, Money.Credit(1, "10.00"));
        Assert.Contains("La cuota de IVA equivale a 2,21 EUR.", await Printed($"credit-notes/{note.Text("id")}"));
        AssertKeepsRules(ubl);
    }

    [Fact]
    public async Task A_currency_of_three_decimals_is_invoiced_and_has_no_e_invoice()
    {
        var world = await Foreign("KWD", "ES", "ESA87654321");
        var invoice = await world.TheInvoice();
        Assert.Equal(["open", "121.000"], [invoice.Text("state"), invoice.Text("gross.amount")]);
        var refused = await Problem($"invoices/{invoice.Text("id")}", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("e-invoice-decimals", refused.Code());
    }

    [Fact]
    public async Task A_document_that_breaks_a_rule_is_not_issued()
    {
        var world = await World.Create(service);
        await service.Sql(
            $"update parties.legal_entity_details set vat_id = null where legal_entity = '{world.Entity}'");
        await world.Tax("ES", "21");
        await world.Sign();
        var run = await world.Bill("2026-10");
        Assert.Equal("1", run.Text("failures"));
        var failures = await world.Provider.Get($"/external/v1/billing-runs/{run.Text("id")}/failures");
        Assert.Equal("e-invoice-rule", failures.Text("items.0.code"));
        Assert.StartsWith("BR-S-02", failures.Text("items.0.detail"));
    }

    [Fact]
    public async Task A_draft_is_checked_before_it_gets_its_number_and_has_no_e_invoice()
    {
        var world = await World.Create(service);
        var draft = await world.Issued(service, finalize: false);
        var path = $"invoices/{draft.Text("id")}";
        Assert.Equal("invoice-draft", (await Problem(path, HttpStatusCode.Conflict)).Code());
        await service.Sql(
            $"update parties.legal_entity_details set vat_id = null where legal_entity = '{world.Entity}'");
        var refused = await world.Act(draft, "finalize", null, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("e-invoice-rule", refused.Code());
        Assert.Contains("/lines/0 BR-S-02", refused.Errors());
    }

    private async Task<World> Foreign(string currency, string country, string? vatId)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        var code = $"{world.Customer}-F";
        await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(code, currency, country, vatId));
        await world.Publish(world.Plan, [World.Flat("BASE", "100.00", "inAdvance")], currency);
        return await world.BillAs(code, "2026-10");
    }

    private async Task<XElement> Read(string path)
    {
        using var answer = await Get(path, "application/xml");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        Assert.Equal("application/xml", answer.Content.Headers.ContentType?.MediaType);
        return XDocument.Parse(text).Root!;
    }

    private async Task<JsonNode> Problem(string path, HttpStatusCode expected)
    {
        using var answer = await Get(path, "application/xml");
        Assert.Equal(expected, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private async Task<string> Printed(string path)
    {
        using var answer = await Get(path, "text/html");
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> Get(string path, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/external/v1/{path}");
        request.Headers.Accept.ParseAdd(form);
        return await service.Provider.Raw(request);
    }

    /// <summary>Every rule must be able to fail: each part of a valid document is spoilt once.</summary>
    [Theory]
    [InlineData("LegalMonetaryTotal/LineExtensionAmount", "1.00", "BR-CO-10")]
    [InlineData("LegalMonetaryTotal/TaxExclusiveAmount", "1.00", "BR-CO-13")]
    [InlineData("TaxTotal/TaxAmount", "1.00", "BR-CO-14")]
    [InlineData("LegalMonetaryTotal/TaxInclusiveAmount", "1.00", "BR-CO-15")]
    [InlineData("LegalMonetaryTotal/PayableAmount", "1.00", "BR-CO-16")]
    [InlineData("TaxTotal/TaxSubtotal/TaxAmount", "1.00", "BR-CO-17")]
    [InlineData("TaxTotal/TaxSubtotal/TaxableAmount", "1.00", "BR-S-08")]
    [InlineData("TaxTotal/TaxSubtotal/TaxCategory/ID", "Z", "BR-S-01", "BR-Z-01", "BR-Z-09")]
    [InlineData("InvoiceLine/Item/ClassifiedTaxCategory/Percent", "0", "BR-S-05")]
    [InlineData("InvoiceLine/Item/ClassifiedTaxCategory/ID", "E", "BR-E-01", "BR-E-05")]
    [InlineData("InvoiceLine/Item/ClassifiedTaxCategory/ID", "AE", "BR-AE-01", "BR-AE-05")]
    [InlineData("InvoiceLine/LineExtensionAmount", "99.999", "BR-DEC", "BR-24")]
    [InlineData("InvoiceLine/Price/PriceAmount", "-100", "BR-27")]
    [InlineData("InvoiceTypeCode", "381", "BR-CL-01")]
    public async Task A_spoilt_document_is_noticed(string path, string value, params string[] rules)
    {
        var world = await World.Create(service);
        var invoice = await world.Issued(service);
        var ubl = await Read($"invoices/{invoice.Text("id")}");
        Assert.Empty(UblRules.Broken(ubl));
        var spoilt = path.Split('/').Aggregate(
            ubl, (at, name) => at.Elements().First(element => element.Name.LocalName == name));
        spoilt.Value = value;
        Assert.Subset(UblRules.Broken(ubl).ToHashSet(), rules.ToHashSet());
    }

    [Fact]
    public async Task What_is_missing_or_added_is_noticed()
    {
        var world = await World.Create(service);
        var path = $"invoices/{(await world.Issued(service)).Text("id")}";
        await Noticed(path, ubl => ubl.Descendants(Cac + "PartyTaxScheme").First().Remove(), "BR-S-02");
        await Noticed(path, ubl => Totals(ubl, "AllowanceTotalAmount"), "BR-CO-11", "BR-CO-13");
        await Noticed(path, ubl => Totals(ubl, "ChargeTotalAmount"), "BR-CO-12", "BR-CO-13");
        await Noticed(path, ubl => Totals(ubl, "PrepaidAmount"), "BR-CO-16");
        await Noticed(path, ubl => ubl.Descendants(Cac + "TaxSubtotal").Remove(), "BR-CO-14", "BR-CO-18", "BR-S-01");
        await Noticed(
            path,
            ubl => ubl.Descendants(Cac + "TaxCategory").Single().Element(Cbc + "Percent")!.AddAfterSelf(
                new XElement(Cbc + "TaxExemptionReason", "None")),
            "BR-S-10");
        await Noticed(path, ubl => ubl.Add(ubl.Element(Cbc + "ID")), "UBL");
        await Noticed(path, ubl => ubl.Elements(Cac + "InvoiceLine").First().Remove(), "BR-CO-10", "BR-S-08");
        await Noticed(
            path,
            ubl =>
            {
                ubl.Element(Cbc + "DueDate")!.Remove();
                ubl.Element(Cac + "PaymentTerms")!.Remove();
            },
            "BR-CO-25");

        static void Totals(XElement ubl, string name) => ubl.Descendants(Cbc + "TaxInclusiveAmount").Single()
            .AddAfterSelf(new XElement(Cbc + name, new XAttribute("currencyID", "EUR"), "5.00"));
    }

    private async Task Noticed(string path, Action<XElement> spoil, params string[] rules)
    {
        var ubl = await Read(path);
        spoil(ubl);
        Assert.Equal(rules, UblRules.Broken(ubl));
    }

    private static void AssertKeepsRules(XElement ubl) => Assert.Empty(UblRules.Broken(ubl));
}
