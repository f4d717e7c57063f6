using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>What is foretold of an invoice is what a run then bills.</summary>
public sealed class NextInvoiceTests(MovableService service) : IClassFixture<MovableService>
{
    private static readonly object Commitment = new
    {
        code = "MIN",
        service = "STORAGE",
        description = "At least",
        amount = "90.00",
        scope = new[] { "STORAGE" },
    };

    /// <summary>A fee in advance that changes, one in arrears, usage, late usage and a commitment.</summary>
    [Theory]
    [InlineData("adjustNext", false, 1)]
    [InlineData("debitNote", false, 2)]
    [InlineData("adjustNext", true, 1)]
    public async Task Lines_taxes_and_totals_are_those_that_are_billed(string lateUsage, bool isBegun, int invoices)
    {
        At(2026, 11, 1);
        var world = await Signed(lateUsage);
        await world.Record(world.Usage("1", "2026-10-10T10:00:00Z", "400"));
        await world.Bill("2026-10");
        await world.Record(
            world.Usage("late", "2026-10-11T10:00:00Z", "40"), world.Usage("2", "2026-11-01T09:00:00Z", "100.5"));
        At(2026, 11, 20);
        if (isBegun) await world.Bill("2026-11");
        await service.Provider.Post(
            $"/external/v1/contracts/{world.Contract}/changes",
            new { on = "2026-11-16", overrides = new[] { new { charge = "BASE", quantity = "3" } } },
            HttpStatusCode.OK,
            world.Contract);
        var before = (await world.Invoices()).Count;
        var foretold = (await service.As(world.Customer).Get(Path(world)))["invoices"]!.AsArray();
        Assert.Equal(invoices, foretold.Count);

        At(2026, 12, 3);
        await world.Bill("2026-11");
        var billed = (await world.Invoices()).Skip(before).ToList();
        Assert.Equal(invoices, billed.Count);
        foreach (var (expected, summary) in foretold.Zip(billed.OrderBy(each => each!.Text("isDebitNote"))))
        {
            var invoice = await service.Provider.Get($"/external/v1/invoices/{summary!.Text("id")}");
            Assert.All(
                expected!.AsObject(),
                member => Assert.Equal(member.Value!.ToJsonString(), invoice[member.Key]!.ToJsonString()));
        }

        Assert.Empty((await service.Provider.Get($"{Path(world)}?month=2026-11"))["invoices"]!.AsArray());
    }

    [Fact]
    public async Task What_could_not_be_billed_is_refused_with_the_runs_reason()
    {
        At(2026, 11, 20);
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/legal-entities", new
        {
            code = $"{world.Entity}-MT",
            name = "Northwind Malta",
            address = new { street = "1 Republic Street", city = "Valletta", postalCode = "VLT 1117" },
            country = "MT",
            vatId = "MT12345678",
            currency = "EUR",
            zone = "Europe/Malta",
        });
        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(
            world.CustomerBody($"{world.Customer}-MT", country: "MT", vatId: "MT87654321")))!;
        body["legalEntity"] = $"{world.Entity}-MT";
        await service.Provider.Post("/external/v1/customers", body);
        await world.Publish(world.Plan, [World.Flat("BASE", "310.00", "inAdvance")]);
        await service.Provider.Post(
            "/external/v1/contracts",
            new
            {
                code = $"{world.Contract}-MT",
                customer = $"{world.Customer}-MT",
                plan = world.Plan,
                planVersion = 1,
                start = "2026-11-01",
            });
        var problem = await service.Provider.Get(
            $"/external/v1/contracts/{world.Contract}-MT/next-invoice", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("tax-rate-missing", problem.Code());
    }

    [Fact]
    public async Task A_month_to_come_and_a_contract_of_somebody_else_are_refused()
    {
        At(2026, 11, 20);
        var world = await Signed("adjustNext");
        var problem = await service.Provider.Get($"{Path(world)}?month=2026-12", HttpStatusCode.UnprocessableEntity);
        Assert.Equal("month-in-the-future", problem.Code());
        await service.Provider.Get($"{Path(world)}?month=2026-13", HttpStatusCode.BadRequest);
        await service.As("STRANGER").Get(Path(world), HttpStatusCode.NotFound);
        await service.Provider.Get("/external/v1/contracts/NONE/next-invoice", HttpStatusCode.NotFound);
    }

    private async Task<World> Signed(string lateUsage)
    {
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(
            world.Plan,
            [
                World.Flat("BASE", "310.00", "inAdvance"), World.Flat("DESK", "99.99", "inArrears"),
                World.PerUnit("STORAGE", "0.25"),
            ],
            commitments: Commitment);
        await world.SignOn(world.Plan, world.Contract, "2026-10-01", lateUsage: lateUsage);
        return world;
    }

    private void At(int year, int month, int day) =>
        service.Clock.Set(new DateTimeOffset(year, month, day, 12, 0, 0, TimeSpan.Zero));

    private static string Path(World world) => $"/external/v1/contracts/{world.Contract}/next-invoice";
}
