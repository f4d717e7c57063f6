using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>
/// Sellers for published cases: each rate has a country of its own, in which a legal entity invoices customers.
/// </summary>
public sealed class CaseProvider : MovableService
{
    private static readonly string[] Countries =
    [
        "AT", "BE", "DE", "DK", "FI", "FR", "IE", "IT", "LU", "NL", "PL", "PT", "SE", "SI", "SK", "EE", "LV", "LT",
        "CZ", "HR", "HU", "BG", "RO", "MT", "CY", "NO", "CH", "GB", "IS",
    ];

    private static readonly string[] Classes = ["standard", "reduced", "superReduced"];

    private readonly Dictionary<string, string> _countryOf = [];

    /// <summary>A customer in the seller's country that is taxed at the rate, or in another where nothing is.</summary>
    public async Task<string> Customer(
        string name, string currency, string category, decimal rate, string zone = "Europe/Madrid")
    {
        var code = await Customer(name, currency, [category == "S" ? rate : 21], category == "O", zone);
        if (category == "E")
        {
            await Provider.Post(
                $"/external/v1/customers/{code}/tax-exemptions", new { reason = "Exempt by law", from = "2000-01-01" });
        }

        return code;
    }

    /// <summary>A customer in the country of a seller that has these rates; zero is category Z.</summary>
    public async Task<string> Customer(
        string name, string currency, decimal[] rates, bool isAbroad = false, string zone = "Europe/Madrid")
    {
        var code = $"C-{World.Next()}";
        var country = await Seller(rates);
        await Provider.Post("/external/v1/customers", new
        {
            code,
            legalEntity = $"NW-{country}",
            name,
            address = new { street = "1 High Street", city = "Town", postalCode = "1000" },
            country = isAbroad ? "US" : country,
            currency,
            zone,
            language = "en",
            paymentTermsDays = 30,
        });
        return code;
    }

    /// <summary>Which class a rate has among those of its seller.</summary>
    public static string ClassOf(decimal rate, IEnumerable<decimal> rates) =>
        rate == 0 ? "zero" : Classes[rates.Where(other => other != 0).Order().ToList().IndexOf(rate)];

    /// <summary>Signs a plan of its own.</summary>
    /// <param name="customer">Also the code of plan and contract.</param>
    /// <param name="currency">The customer's.</param>
    /// <param name="contract">All but codes and plan.</param>
    /// <param name="monthsPerPeriod">Of the plan.</param>
    /// <param name="versions">The charges of each version.</param>
    public async Task Sign(
        string customer, string currency, JsonObject contract, int monthsPerPeriod, params object[][] versions)
    {
        await Provider.Post("/external/v1/plans", new { code = customer, name = "Case", currency });
        foreach (var (i, charges) in versions.Index())
        {
            var path = $"/external/v1/plans/{customer}/versions";
            await Provider.Post(path, new { monthsPerPeriod, charges });
            await Provider.Post($"{path}/{i + 1}/publish", null, HttpStatusCode.OK);
        }

        (contract["code"], contract["customer"], contract["plan"]) = (customer, customer, customer);
        contract["planVersion"] = 1;
        await Provider.Post("/external/v1/contracts", contract);
    }

    /// <summary>Bills the month and returns the customer's last invoice; null without one.</summary>
    public async Task<JsonNode?> Bill(string customer, string month)
    {
        var run = await Provider.Post(
            "/external/v1/billing-runs", new { month, customer }, HttpStatusCode.Accepted, $"case-{World.Next()}");
        await Testing.Eventually.Gives(
            () => Provider.Get($"/external/v1/billing-runs/{run.Text("id")}"),
            read => read.Text("state") == "completed");
        var failures = await Provider.Get($"/external/v1/billing-runs/{run.Text("id")}/failures");
        Assert.Empty(failures["items"]!.AsArray());
        var all = (await Provider.Get($"/external/v1/invoices?customer={customer}"))["items"]!.AsArray();
        return all.Count == 0 ? null : await Provider.Get($"/external/v1/invoices/{all[^1]!.Text("id")}");
    }

    public static object Fee(string code, string amount) => World.Flat(code, amount, "inAdvance");

    public static decimal Amount(JsonNode node, string name) =>
        decimal.Parse(node.Text($"{name}.amount"), CultureInfo.InvariantCulture);

    /// <summary>As the cases write decimals.</summary>
    public static string Text(JsonElement element, string name, string otherwise) =>
        element.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    private async Task<string> Seller(decimal[] rates)
    {
        var key = string.Join(' ', rates.Order().Select(Plain));
        if (_countryOf.TryGetValue(key, out var known)) return known;
        var country = _countryOf[key] = Countries[_countryOf.Count];
        await Sql(World.Catalogue);
        foreach (var rate in rates)
        {
            var (category, taxClass) = (rate == 0 ? "Z" : "S", ClassOf(rate, rates));
            await Provider.Post(
                "/external/v1/tax-rates",
                new { country, category, @class = taxClass, rate = Plain(rate), from = "2000-01-01" });
        }

        await Provider.Post("/external/v1/legal-entities", new
        {
            code = $"NW-{country}",
            name = "Northwind",
            address = new { street = "2 High Street", city = "Town", postalCode = "1000" },
            country,
            vatId = $"{country}12345678",
            currency = "EUR",
            zone = "Europe/Madrid",
        });
        return country;
    }

    private static string Plain(decimal number) => number.ToString(CultureInfo.InvariantCulture);
}
