using System.Net;
using Testing;

namespace ExternalServices.Api.Tests.Ledger;

/// <summary>The export in the eyes of a program that knows nothing of ours.</summary>
public sealed class JournalTests(ExternalService service)
{
    [Fact]
    public async Task Hledger_accepts_the_journal_and_comes_to_the_same_balances()
    {
        var world = await Booked();
        var path = $"/external/v1/ledger/journal?legalEntity={world.Entity}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var answer = await service.Provider.Raw(request);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        var journal = await answer.Content.ReadAsStringAsync();

        Assert.Equal("", await Hledger.Run(journal, "check", "--strict"));
        var balances = await Hledger.Balances(journal);
        var ours = (await service.Provider.Get($"/external/v1/ledger/trial-balance?legalEntity={world.Entity}"))
            ["accounts"]!.AsArray()
            .Where(account => account!.Text("balance.amount") != "0.00")
            .Select(account => $"{account!.Text("account")} {account!.Text("balance.amount")}");
        Assert.Equal(ours.Order(), balances.Order());

        // What is changed on its way no longer passes.
        Assert.NotEqual("", await Hledger.Run(journal.Replace(" 121.76 ", " 121.77 "), "check"));
    }

    [Fact]
    public async Task The_journal_of_some_days_shows_those_days()
    {
        var world = await Booked();
        var client = service.Running.Client(service.Issuer.Provider());
        var journal = await client.GetStringAsync(
            $"/external/v1/ledger/journal?legalEntity={world.Entity}&from=2026-09-01&to=2026-09-30");
        Assert.Contains("2026-09-30 * Bank, taken over", journal);
        Assert.DoesNotContain("Invoice", journal);
        await service.Provider.Get("/external/v1/ledger/journal?legalEntity=NOBODY", HttpStatusCode.NotFound);
        await service.Provider.Get("/external/v1/ledger/journal", HttpStatusCode.BadRequest);
    }

    private async Task<World> Booked()
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Sign();
        await world.Record(world.Usage("1", "2026-10-05T12:00:00Z", "2.5"));
        await world.Bill("2026-10");
        var opening = new
        {
            legalEntity = world.Entity,
            day = "2026-09-30",
            account = "cash",
            amount = new { amount = "1000.10", currency = "EUR" },
            description = "Bank; taken  over",
        };
        await service.Provider.Post("/external/v1/ledger/opening-balances", opening, key: $"bank-{world.Customer}");
        return world;
    }
}
