using System.Net;

namespace ExternalServices.Api.Tests.Contracts;

public sealed class SignContractTests(ExternalService service)
{
    private const string Path = "/external/v1/contracts";

    [Fact]
    public async Task A_contract_is_signed_once_and_seen_by_its_customer()
    {
        var world = await World.Create(service);
        var other = await World.Create(service);
        var signed = await world.Sign("2026-01-31");
        Assert.Equal(
            [world.Customer, world.Entity, "EUR", "2026-01-31", "2026-01-31"],
            new[] { "customer", "legalEntity", "currency", "start", "anchor" }.Select(signed.Text));

        var again = await service.Provider.Post(Path, Body(world), HttpStatusCode.Conflict);
        Assert.Equal("contract-exists", again.Code());
        Assert.Equal(world.Contract, (await service.As(world.Customer).Get($"{Path}/{world.Contract}")).Text("code"));
        await service.As(other.Customer).Get($"{Path}/{world.Contract}", HttpStatusCode.NotFound);
        Assert.Empty((await service.As(other.Customer).Get(Path))["items"]!.AsArray());
        await service.As(world.Customer).Post(Path, Body(world), HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task One_contract_at_a_time_prices_the_usage_of_a_service()
    {
        var world = await World.Create(service);
        await world.Sign("2026-01-01", "2026-07-01", World.PerUnit("STORAGE", "1"));
        var overlapping = await service.Provider.Post(
            Path, Body(world, $"{world.Contract}b", "2026-06-30"), HttpStatusCode.Conflict);
        Assert.Equal("service-contracted", overlapping.Code());
        await world.SignOn(world.Plan, $"{world.Contract}b", "2026-07-01");
    }

    [Fact]
    public async Task What_does_not_fit_together_is_refused()
    {
        var world = await World.Create(service);
        await world.Publish(world.Plan, [World.PerUnit("STORAGE", "1")]);
        await world.Publish($"{world.Plan}-USD", [World.PerUnit("STORAGE", "1")], "USD");
        Assert.Equal(
            [
                "/customer customer-not-found", "/plan plan-not-found", "/planVersion plan-version-not-published",
                "/plan currency-mismatch",
            ],
            [
                await Refused("NOBODY", world.Plan, 1),
                await Refused(world.Customer, "NONE", 1),
                await Refused(world.Customer, world.Plan, 2),
                await Refused(world.Customer, $"{world.Plan}-USD", 1),
            ]);
    }

    [Fact]
    public async Task Days_must_be_days_in_their_order()
    {
        var problem = await service.Provider.Post(
            Path,
            new { code = "X", customer = "C", plan = "P", planVersion = 1, start = "1889-01-01", end = "1888-01-01" },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/start out-of-range", "/end ends-before-start"], problem.Errors());
        var unreadable = await service.Provider.Post(
            Path,
            new { code = "X", customer = "C", plan = "P", planVersion = 1, start = "2026-02-30" },
            HttpStatusCode.BadRequest);
        Assert.Equal("/start", unreadable.Text("errors.0.pointer"));
    }

    [Fact]
    public async Task The_same_key_gives_the_first_answer_again()
    {
        var world = await World.Create(service);
        await world.Publish(world.Plan, [World.PerUnit("STORAGE", "1")]);
        var first = await service.Provider.Post(Path, Body(world), key: $"sign-{world.Contract}");
        var again = await service.Provider.Post(Path, Body(world), key: $"sign-{world.Contract}");
        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        var other = await service.Provider.Post(
            Path, Body(world, "OTHER"), HttpStatusCode.UnprocessableEntity, $"sign-{world.Contract}");
        Assert.Equal("idempotency-key-reused", other.Code());
    }

    private async Task<string> Refused(string customer, string plan, int planVersion)
    {
        var body = new { code = "X", customer, plan, planVersion, start = "2026-01-01" };
        return (await service.Provider.Post(Path, body, HttpStatusCode.UnprocessableEntity)).Errors().Single();
    }

    private static object Body(World world, string? code = null, string start = "2026-01-01") =>
        new { code = code ?? world.Contract, customer = world.Customer, plan = world.Plan, planVersion = 1, start };
}
