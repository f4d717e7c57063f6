using System.Text.Json.Nodes;
using Testing;

namespace ExternalServices.Api.Tests;

/// <summary>A provider, its catalogue and one customer, under names of their own, so that tests do not meet.</summary>
public sealed class World
{
    private static int _made;

    private readonly ExternalService _service;

    private World(ExternalService service, string suffix)
    {
        _service = service;
        Entity = $"NW-{suffix}";
        Customer = $"ACME-{suffix}";
        Plan = $"BUSINESS-{suffix}";
        Contract = $"{Customer}-1";
    }

    private World(ExternalService service, World other, string customer)
    {
        _service = service;
        (Entity, Customer, Plan, Contract) = (other.Entity, customer, other.Plan, $"{customer}-1");
    }

    public string Entity { get; }

    public string Customer { get; }

    public string Plan { get; }

    public string Contract { get; }

    public ApiClient Provider => _service.Provider;

    /// <summary>A number that no other world or request has.</summary>
    public static int Next() => Interlocked.Increment(ref _made);

    /// <summary>Standard services, a legal entity in Spain and a Spanish customer, in euros.</summary>
    public static async Task<World> Create(ExternalService service, string zone = "Europe/Madrid")
    {
        var world = new World(service, $"{Next()}");
        await service.Sql(Catalogue);
        await service.Provider.Post("/external/v1/legal-entities", LegalEntity(world.Entity));
        await service.Provider.Post("/external/v1/customers", world.CustomerBody(world.Customer, zone: zone));
        return world;
    }

    public static object LegalEntity(string code, string zone = "Europe/Madrid") => new
    {
        code,
        name = "Northwind IT Services S.L.",
        address = new { street = "Calle de Alcalá 42", city = "Madrid", postalCode = "28014" },
        country = "ES",
        vatId = "ESB12345678",
        currency = "EUR",
        zone,
    };

    public object CustomerBody(
        string code,
        string currency = "EUR",
        string country = "ES",
        string? vatId = "ESA87654321",
        string zone = "Europe/Madrid") => new
        {
            code,
            legalEntity = Entity,
            name = $"{code} S.A.",
            address = new { street = "Gran Vía 1", city = "Bilbao", postalCode = "48001" },
            country,
            vatId,
            email = "billing@acme.example",
            currency,
            zone,
            language = "es",
            paymentTermsDays = 30,
        };

    /// <summary>A published plan version and a contract of the customer on it.</summary>
    public async Task<JsonNode> Sign(string start = "2026-01-01", string? end = null, params object[] charges)
    {
        await Publish(
            Plan, charges.Length == 0 ? [Flat("BASE", "100.00", "inAdvance"), PerUnit("STORAGE", "0.25")] : charges);
        return await SignOn(Plan, Contract, start, end);
    }

    public Task<JsonNode> SignOn(
        string plan, string contract, string start, string? end = null, string lateUsage = "adjustNext") =>
        Provider.Post(
            "/external/v1/contracts",
            new { code = contract, customer = Customer, plan, planVersion = 1, start, end, lateUsage });

    public async Task Publish(
        string plan,
        object[] charges,
        string currency = "EUR",
        int monthsPerPeriod = 1,
        params object[] commitments)
    {
        await Provider.Post("/external/v1/plans", new { code = plan, name = "Business", currency });
        await Provider.Post($"/external/v1/plans/{plan}/versions", new { monthsPerPeriod, charges, commitments });
        await Provider.Post($"/external/v1/plans/{plan}/versions/1/publish", null, System.Net.HttpStatusCode.OK);
    }

    public static object Flat(string code, string amount, string timing) => new
    {
        code,
        service = "SUPPORT",
        description = "Base fee",
        price = new { model = "flat", amount, timing },
    };

    public static object PerUnit(string service, string unitPrice) => new
    {
        code = service,
        service,
        description = $"{service} used",
        price = new { model = "perUnit", unitPrice },
    };

    public object Usage(string id, string at, string quantity, string service = "STORAGE", string source = "meter") =>
        new { source, id, customer = Customer, service, at, quantity };

    public Task<JsonNode> Record(params object[] events) =>
        Provider.Post("/external/v1/usage-events/batch", events, System.Net.HttpStatusCode.OK);

    /// <summary>A rate of a country; every test needs the same ones.</summary>
    public async Task Tax(string country, string rate, string taxClass = "standard") => await _service.Sql(
        $"""
        insert into parties.tax_rates (id, country, category, class, rate, valid_from)
        select gen_random_uuid(), '{country}', 'S', '{taxClass}', {rate}, '2000-01-01'
        where not exists (select from parties.tax_rates where country = '{country}' and class = '{taxClass}')
        on conflict do nothing
        """);

    /// <summary>Bills the customer's month and waits until it is done.</summary>
    public async Task<JsonNode> Bill(string month, bool finalize = true)
    {
        var run = await Provider.Post(
            "/external/v1/billing-runs",
            new { month, customer = Customer, finalize },
            System.Net.HttpStatusCode.Accepted,
            key: $"bill-{Next()}");
        return await Completed(run.Text("id"));
    }

    /// <summary>The same world with another customer, which signs the plan and is billed for the month.</summary>
    public async Task<World> BillAs(string customer, string month)
    {
        var world = new World(_service, this, customer);
        await world.SignOn(Plan, world.Contract, "2026-01-01");
        var run = await world.Bill(month);
        Assert.Equal("0", run.Text("failures"));
        return world;
    }

    public Task<JsonNode> Completed(string run) => Eventually.Gives(
        () => Provider.Get($"/external/v1/billing-runs/{run}"), read => read.Text("state") == "completed");

    public async Task<JsonArray> Invoices() =>
        (await Provider.Get($"/external/v1/invoices?customer={Customer}"))["items"]!.AsArray();

    public async Task<JsonNode> TheInvoice() =>
        await Provider.Get($"/external/v1/invoices/{Assert.Single(await Invoices())!.Text("id")}");

    public const string Catalogue = """
        insert into catalogue.services (code, name, unit, audience, active, version, changed_at)
        values ('STORAGE', 'Storage', 'GB-month', 'both', true, 1, now()),
            ('COMPUTE', 'Compute', 'core-hour', 'external', true, 1, now()),
            ('SUPPORT', 'Support', 'ticket', 'both', true, 1, now()),
            ('ASSISTANCE', 'In-house assistance', 'hour', 'internal', true, 1, now()),
            ('RETIRED', 'Retired', 'hour', 'both', false, 1, now())
        on conflict do nothing
        """;
}
