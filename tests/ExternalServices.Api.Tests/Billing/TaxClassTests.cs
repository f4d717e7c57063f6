using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ExternalServices.Api.Tests.Documents;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>Several rates on one invoice: each line is taxed by the class of what it bills.</summary>
public sealed class TaxClassTests(MovableService service) : IClassFixture<MovableService>
{
    private const string Law = "Exempt: teaching, article 132(1)(i)";

    [Fact]
    public async Task Each_charge_is_taxed_by_its_class_on_every_document()
    {
        At(10, 20);
        var world = await World.Create(service);
        await Rates("PT");
        await Seller(world, "PT");
        var customer = await Sign(world, "PT", "PT123456789", "PT");
        var foretold = await service.Provider.Get($"/external/v1/contracts/{customer}/next-invoice");
        At(11, 2);
        var invoice = await Bill(customer);
        string[] taxes = ["E 0 20.00 0.00", "S 6 10.05 0.60", "S 13 40.00 5.20", "S 23 90.00 20.70", "Z 0 5.00 0.00"];
        Assert.Equal(taxes, Groups(invoice));
        Assert.Equal(taxes, Groups(foretold["invoices"]![0]!));
        Assert.Equal(
            [Law, "VATEX-EU-132-1I"], [invoice.Text("taxes.0.reason"), invoice.Text("taxes.0.reasonCode")]);
        Assert.All(invoice["taxes"]!.AsArray().Skip(1), tax => Assert.Null(tax!["reason"]));
        Assert.Equal(
            ["165.05", "26.50", "191.55"],
            [invoice.Text("net.amount"), invoice.Text("tax.amount"), invoice.Text("gross.amount")]);
        Assert.Equal(
            ["S 23", "S 13", "S 6", "Z 0", "E 0", "S 13"],
            invoice["lines"]!.AsArray().Select(line => $"{line!.Text("taxCategory")} {line!.Text("taxRate")}"));
        foreach (var number in Enumerable.Range(1, 6))
        {
            var line = await service.Provider.Get(
                $"/external/v1/invoices/{invoice.Text("id")}/lines/{number}/explanation");
            Assert.True(line["isEqual"]!.GetValue<bool>(), $"line {number}");
        }

        var note = await world.Credit(invoice, new
        {
            reason = "Agreed",
            lines = new[] { new { number = 2, amount = "20.00" }, new { number = 5, amount = "20.00" } },
        });
        Assert.Equal(["E 0 20.00 0.00", "S 13 20.00 2.60"], Groups(note));
        Assert.Empty(UblRules.Broken(await Ubl($"invoices/{invoice.Text("id")}")));
        Assert.Empty(UblRules.Broken(await Ubl($"credit-notes/{note.Text("id")}")));
        var report = await service.Provider.Get(
            $"/external/v1/tax-report?legalEntity={world.Entity}-PT&month=2026-10");
        Assert.Equal(
            taxes.Order(StringComparer.Ordinal),
            report["groups"]!.AsArray().Select(Group).Order(StringComparer.Ordinal));
        var books = await service.Provider.Get(
            $"/external/v1/ledger/trial-balance?legalEntity={world.Entity}-PT");
        Assert.Contains(
            books["accounts"]!.AsArray(),
            account => account!.Text("account") == "tax" && account!.Text("balance.amount") == "-23.90");
        var html = await Html($"/external/v1/invoices/{invoice.Text("id")}");
        Assert.All(["6%", "13%", "23%", "Zero rated", "Exempt", Law], text => Assert.Contains(text, html));
    }

    [Fact]
    public async Task Classes_count_at_home_alone_and_only_where_the_country_has_their_rates()
    {
        At(11, 2);
        var world = await World.Create(service);
        await Rates("IT");
        await Seller(world, "IT");
        var abroad = await Bill(await Sign(world, "IT", "FR12345678901", "FR"));
        Assert.Equal(["AE 0 165.05 0.00"], Groups(abroad));
        var outside = await Bill(await Sign(world, "IT", null, "US"));
        Assert.Equal(["O 0 165.05 0.00"], Groups(outside));
        await Standard("FI");
        await Seller(world, "FI");
        var refused = await Bill(await Sign(world, "FI", "FI12345678", "FI"), "tax-rate-missing");
        Assert.Equal("No Reduced rate of FI is in force on 2026-10-31.", refused.Text("detail"));
    }

    [Fact]
    public async Task What_cannot_be_a_rate_is_refused()
    {
        const string From = "2026-01-01";
        await Refused(
            new { country = "HU", category = "AE", rate = "0", from = From }, "/category category-without-rate");
        await Refused(
            new { country = "HU", category = "S", @class = "zero", rate = "5", from = From },
            "/class class-of-other-category");
        await Refused(new { country = "HU", category = "Z", rate = "5", from = From }, "/rate out-of-range");
        await Refused(new { country = "HU", category = "E", rate = "0", from = From }, "/reason reason-of-exempt");
        await Refused(
            new { country = "HU", category = "S", rate = "5", from = From, reason = Law, reasonCode = "x" },
            "/reason reason-of-exempt",
            "/reasonCode reason-of-exempt",
            "/reasonCode invalid-code");
        var reduced = new { country = "HU", category = "S", @class = "reduced", rate = "5", from = From };
        await service.Provider.Post(Path, reduced);
        var twice = await service.Provider.Post(Path, reduced with { rate = "6" }, HttpStatusCode.Conflict);
        Assert.Equal("tax-rate-overlaps", twice.Code());
        await service.Provider.Post(Path, reduced with { @class = "superReduced" });
    }

    private const string Path = "/external/v1/tax-rates";

    private async Task Refused(object rate, params string[] errors)
    {
        var refused = await service.Provider.Post(Path, rate, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(errors, refused.Errors());
    }

    private async Task Rates(string country)
    {
        const string From = "2020-01-01";
        await Standard(country);
        foreach (var (taxClass, rate) in new[] { ("reduced", "13"), ("superReduced", "6") })
        {
            await service.Provider.Post(Path, new { country, category = "S", @class = taxClass, rate, from = From });
        }

        await service.Provider.Post(Path, new { country, category = "Z", rate = "0", from = From });
        await service.Provider.Post(
            Path,
            new { country, category = "E", rate = "0", from = From, reason = Law, reasonCode = "VATEX-EU-132-1I" });
    }

    private Task<JsonNode> Standard(string country) =>
        service.Provider.Post(Path, new { country, category = "S", rate = "23", from = "2020-01-01" });

    private Task<JsonNode> Seller(World world, string country) =>
        service.Provider.Post("/external/v1/legal-entities", new
        {
            code = $"{world.Entity}-{country}",
            name = "Northwind",
            address = new { street = "Rua 1", city = "Town", postalCode = "1000" },
            country,
            vatId = $"{country}987654321",
            currency = "EUR",
            zone = "Europe/Madrid",
        });

    /// <summary>A customer of the seller in a country, with a fee of each class and a commitment.</summary>
    private async Task<string> Sign(World world, string seller, string? vatId, string country)
    {
        var customer = $"C-{World.Next()}";
        await service.Provider.Post("/external/v1/customers", new
        {
            code = customer,
            legalEntity = $"{world.Entity}-{seller}",
            name = "Acme",
            address = new { street = "High Street 1", city = "Town", postalCode = "1000" },
            country,
            vatId,
            currency = "EUR",
            zone = "Europe/Madrid",
            language = "en",
            paymentTermsDays = 30,
        });
        var commitment = new
        {
            code = "MIN",
            service = "SUPPORT",
            description = "At least",
            amount = "40.00",
            scope = new[] { "RED" },
            taxClass = "reduced",
        };
        await world.Publish(
            customer,
            [
                Fee("STD", "100.00", "standard"), Fee("RED", "33.33", "reduced"), Fee("SUP", "10.05", "superReduced"),
                Fee("NIL", "5.00", "zero"), Fee("EX", "20.00", "exempt"),
            ],
            commitments: commitment);
        var version = await service.Provider.Get($"/external/v1/plans/{customer}/versions/1");
        Assert.Equal(
            ["standard", "reduced", "superReduced", "zero", "exempt"],
            version["charges"]!.AsArray().Select(charge => charge!.Text("taxClass")));
        var off = new { kind = "percentage", code = "TEN", description = "Off", percent = "10", from = "2026-10-01" };
        await service.Provider.Post("/external/v1/contracts", new
        {
            code = customer,
            customer,
            plan = customer,
            planVersion = 1,
            start = "2026-10-01",
            end = "2026-11-01",
            overrides = new[] { new { charge = "STD", discounts = new[] { off } } },
        });
        return customer;
    }

    private static object Fee(string code, string amount, string taxClass) => new
    {
        code,
        service = "SUPPORT",
        description = $"Fee {code}",
        price = new { model = "flat", amount, timing = "inArrears" },
        taxClass,
    };

    /// <summary>Bills October; the invoice, or the failure that is expected.</summary>
    private async Task<JsonNode> Bill(string customer, string? failure = null)
    {
        var run = await service.Provider.Post(
            "/external/v1/billing-runs", new { month = "2026-10", customer }, HttpStatusCode.Accepted, customer);
        await Testing.Eventually.Gives(
            () => service.Provider.Get($"/external/v1/billing-runs/{run.Text("id")}"),
            read => read.Text("state") == "completed");
        var failures = (await service.Provider.Get($"/external/v1/billing-runs/{run.Text("id")}/failures"))["items"]!;
        Assert.Equal(failure is null ? [] : [failure], failures.AsArray().Select(each => each!.Text("code")));
        if (failure is not null) return failures[0]!;
        var listed = await service.Provider.Get($"/external/v1/invoices?customer={customer}");
        return await service.Provider.Get($"/external/v1/invoices/{listed.Text("items.0.id")}");
    }

    private static IEnumerable<string> Groups(JsonNode document) => document["taxes"]!.AsArray().Select(Group);

    private static string Group(JsonNode? tax) => string.Join(
        ' ', tax!.Text("category"), tax!.Text("rate"), tax!.Text("base.amount"), tax!.Text("tax.amount"));

    private async Task<XElement> Ubl(string path) => XDocument.Parse(await Read(path, "application/xml")).Root!;

    private Task<string> Html(string path) => Read(path["/external/v1/".Length..], "text/html");

    private async Task<string> Read(string path, string form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/external/v1/{path}");
        request.Headers.Accept.ParseAdd(form);
        using var answer = await service.Provider.Raw(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private void At(int month, int day) =>
        service.Clock.Set(new DateTimeOffset(2026, month, day, 12, 0, 0, TimeSpan.Zero));
}
