using System.Net;

namespace ExternalServices.Api.Tests.Parties;

public sealed class PartyTests(ExternalService service)
{
    [Fact]
    public async Task A_legal_entity_is_registered_and_edited()
    {
        var world = await World.Create(service);
        var path = $"/external/v1/legal-entities/{world.Entity}";
        var edit = new
        {
            name = "Northwind S.L.",
            address = new { street = "x", city = "y", postalCode = "z" },
            country = "ES",
            vatId = (string?)null,
        };
        var edited = await service.Provider.Put(path, edit, "\"1\"");
        Assert.Equal(["Northwind S.L.", "2"], [edited.Text("name"), edited.Text("version")]);
        var again = await service.Provider.Post(
            "/external/v1/legal-entities", World.LegalEntity(world.Entity), HttpStatusCode.Conflict);
        Assert.Equal("legal-entity-exists", again.Code());
        await service.As(world.Customer).Get(path, HttpStatusCode.Forbidden);
        await service.Provider.Get("/external/v1/legal-entities/NOBODY", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_series_is_opened_once_and_shares_no_prefix()
    {
        var world = await World.Create(service);
        var path = $"/external/v1/legal-entities/{world.Entity}/number-series";
        var series = new { documentType = "invoice", year = 2026, prefix = "A-", firstNumber = 100 };
        Assert.Equal("100", (await service.Provider.Post(path, series)).Text("nextNumber"));
        foreach (var taken in new[] { series, series with { year = 2027 } })
        {
            var again = await service.Provider.Post(path, taken, HttpStatusCode.Conflict);
            Assert.Equal("number-series-exists", again.Code());
        }

        // What a series is called that opens by itself stays free for it.
        foreach (var (type, year) in new[] { ("invoice", 2028), ("creditNote", 2029) })
        {
            var other = new { documentType = type, year, prefix = $"{world.Entity}-2029-", firstNumber = 1 };
            var reserved = await service.Provider.Post(path, other, HttpStatusCode.UnprocessableEntity);
            Assert.Equal("prefix-reserved", reserved.Code());
        }

        var bad = new { documentType = "invoice", year = 1066, prefix = "", firstNumber = 0 };
        Assert.Equal(
            ["/prefix invalid-text", "/year out-of-range", "/firstNumber out-of-range"],
            (await service.Provider.Post(path, bad, HttpStatusCode.UnprocessableEntity)).Errors());
        Assert.Single((await service.Provider.Get(path))["items"]!.AsArray());
        await service.Provider.Post(
            "/external/v1/legal-entities/NOBODY/number-series", series, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_rate_is_in_force_alone()
    {
        var rate = new { country = "PT", category = "S", rate = "23", from = "2011-01-01", to = "2020-01-01" };
        await service.Provider.Post("/external/v1/tax-rates", rate);
        await service.Provider.Post("/external/v1/tax-rates", rate with { from = "2020-01-01", to = "2021-01-01" });
        var overlapping = await service.Provider.Post(
            "/external/v1/tax-rates", rate with { from = "2019-12-31", to = "2020-01-01" }, HttpStatusCode.Conflict);
        Assert.Equal("tax-rate-overlaps", overlapping.Code());
        var bad = await service.Provider.Post(
            "/external/v1/tax-rates",
            new { country = "XX", category = "S", rate = "100.0001", from = "2020-01-01", to = "2020-01-01" },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            ["/country unknown-country", "/rate out-of-range", "/rate too-precise", "/to ends-before-start"],
            bad.Errors());
    }

    [Fact]
    public async Task An_exchange_rate_is_recorded_once()
    {
        // Rates are everybody's: no other test bills in this currency.
        var rate = new { currency = "SEK", day = "2026-10-30", rate = "1.0712" };
        await service.Provider.Post("/external/v1/exchange-rates", rate);
        var again = await service.Provider.Post("/external/v1/exchange-rates", rate, HttpStatusCode.Conflict);
        Assert.Equal("exchange-rate-exists", again.Code());
        var bad = await service.Provider.Post(
            "/external/v1/exchange-rates",
            new { currency = "EUR", day = "2026-10-30", rate = "0" },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/currency own-currency", "/rate out-of-range"], bad.Errors());
    }

    [Fact]
    public async Task Lists_go_on_from_their_cursor()
    {
        var world = await World.Create(service);
        foreach (var letter in "ABC")
        {
            await service.Provider.Post("/external/v1/customers", world.CustomerBody($"ZZZ-{world.Customer}-{letter}"));
        }

        var codes = new List<string>();
        var path = "/external/v1/customers?limit=2";
        for (var next = ""; next is not null;)
        {
            var page = await service.Provider.Get(next.Length == 0 ? path : $"{path}&cursor={next}");
            codes.AddRange(page["items"]!.AsArray().Select(customer => customer!.Text("code")));
            next = page["next"]?.ToString();
        }

        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), codes);
        Assert.Equal(3, codes.Count(code => code.StartsWith($"ZZZ-{world.Customer}-", StringComparison.Ordinal)));
        await service.Provider.Get("/external/v1/customers?limit=501", HttpStatusCode.BadRequest);
        await service.Provider.Get("/external/v1/customers?cursor=nonsense", HttpStatusCode.BadRequest);
    }
}
