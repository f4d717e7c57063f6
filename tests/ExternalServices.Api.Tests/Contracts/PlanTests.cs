using System.Net;

namespace ExternalServices.Api.Tests.Contracts;

public sealed class PlanTests(ExternalService service)
{
    [Fact]
    public async Task A_draft_is_edited_then_published_and_never_changes_again()
    {
        var world = await World.Create(service);
        var plan = $"/external/v1/plans/{world.Plan}";
        await service.Provider.Post("/external/v1/plans", Plan(world));
        var draft = await service.Provider.Post(
            $"{plan}/versions", new { charges = new[] { World.PerUnit("STORAGE", "0.25") } });
        Assert.Equal(["draft", "1", "GB-month"], new[] { "state", "version", "charges.0.unit" }.Select(draft.Text));
        Assert.Null((await service.Provider.Get(plan))["publishedVersion"]);

        var edit = new { monthsPerPeriod = 3, charges = new[] { World.Flat("BASE", "99", "inAdvance") } };
        var stale = await service.Provider.Put($"{plan}/versions/1", edit, "\"9\"", HttpStatusCode.PreconditionFailed);
        Assert.Equal("changed-meanwhile", stale.Code());
        var edited = await service.Provider.Put($"{plan}/versions/1", edit, "\"1\"");
        Assert.Equal(["3", "3 months"], [edited.Text("monthsPerPeriod"), edited.Text("charges.0.unit")]);

        await service.Provider.Post($"{plan}/versions/1/publish", null, HttpStatusCode.OK);
        var again = await service.Provider.Post($"{plan}/versions/1/publish", null, HttpStatusCode.OK);
        Assert.Equal(["published", "3"], [again.Text("state"), again.Text("revision")]);
        var late = await service.Provider.Put($"{plan}/versions/1", edit, "\"3\"", HttpStatusCode.Conflict);
        Assert.Equal(["plan-version-published", "published"], [late.Code(), late.Text("state")]);
        Assert.Equal("1", (await service.Provider.Get(plan)).Text("publishedVersion"));
    }

    [Theory]
    [InlineData("""{"model":"flat","amount":"-1"}""", "/charges/0/price/amount negative")]
    [InlineData(
        """{"model":"perUnit","unitPrice":"1","baseQuantity":"0"}""", "/charges/0/price/baseQuantity not-positive")]
    [InlineData("""{"model":"perUnit","unitPrice":"0.1234567890123"}""", "/charges/0/price/unitPrice too-many-digits")]
    [InlineData("""{"model":"perUnit","unitPrice":"1234567890123"}""", "/charges/0/price/unitPrice too-many-digits")]
    [InlineData("""{"model":"graduated","tiers":[]}""", "/charges/0/price/tiers tiers-missing")]
    public async Task A_price_that_cannot_be_charged_is_named(string price, string error)
    {
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/plans", Plan(world));
        var problem = await service.Provider.PostText(
            $"/external/v1/plans/{world.Plan}/versions", Version(price), HttpStatusCode.UnprocessableEntity);
        Assert.Contains(error, problem.Errors());
    }

    [Theory]
    [InlineData("""{"model":"perUnit"}""")]
    [InlineData("""{"model":"barter","amount":"1"}""")]
    [InlineData("""{"amount":"1"}""")]
    [InlineData("""{"model":"flat","amount":1}""")]
    [InlineData("""{"model":"flat","amount":"1","tip":"1"}""")]
    [InlineData("""{"model":"flat","amount":"NaN"}""")]
    [InlineData("null")]
    public async Task A_price_of_another_form_is_unreadable(string price)
    {
        var world = await World.Create(service);
        var problem = await service.Provider.PostText(
            $"/external/v1/plans/{world.Plan}/versions", Version(price), HttpStatusCode.BadRequest);
        Assert.Equal("unreadable", problem.Code());
    }

    [Fact]
    public async Task The_kind_of_a_price_may_stand_anywhere()
    {
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/plans", Plan(world));
        var draft = await service.Provider.PostText(
            $"/external/v1/plans/{world.Plan}/versions",
            Version("""{"amount":"1","model":"flat"}"""),
            HttpStatusCode.Created);
        Assert.Equal("flat", draft.Text("charges.0.price.model"));
    }

    [Fact]
    public async Task Usage_of_a_service_is_priced_once_and_only_of_offered_services()
    {
        var world = await World.Create(service);
        await service.Provider.Post("/external/v1/plans", Plan(world));
        var path = $"/external/v1/plans/{world.Plan}/versions";
        var twice = await service.Provider.Post(
            path,
            new { charges = new[] { World.PerUnit("STORAGE", "1"), World.PerUnit("STORAGE", "2") } },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/charges/1/code charge-twice", "/charges/1/service service-priced-twice"], twice.Errors());
        var inside = await service.Provider.Post(
            path, new { charges = new[] { World.PerUnit("ASSISTANCE", "1") } }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/charges/0/service service-not-found"], inside.Errors());
        var none = await service.Provider.Post(
            path, new { charges = Array.Empty<object>() }, HttpStatusCode.UnprocessableEntity);
        Assert.Equal(["/charges invalid-count"], none.Errors());
    }

    [Fact]
    public async Task A_customer_sees_the_versions_it_signed()
    {
        var world = await World.Create(service);
        var other = await World.Create(service);
        await world.Sign();
        await other.Sign();
        var me = service.As(world.Customer);
        Assert.Equal(world.Plan, Assert.Single((await me.Get("/external/v1/plans"))["items"]!.AsArray())!.Text("code"));
        Assert.Equal(2, (await me.Get($"/external/v1/plans/{world.Plan}/versions/1"))["charges"]!.AsArray().Count);
        await me.Get($"/external/v1/plans/{other.Plan}", HttpStatusCode.NotFound);
        await me.Get($"/external/v1/plans/{other.Plan}/versions/1", HttpStatusCode.NotFound);
    }

    private static object Plan(World world) => new { code = world.Plan, name = "Business", currency = "EUR" };

    private static string Version(string price) =>
        $$"""{"charges":[{"code":"C","service":"SUPPORT","description":"d","price":{{price}}}]}""";
}
