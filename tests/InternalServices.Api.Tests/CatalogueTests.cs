using System.Text.Json.Nodes;
using Testing;

namespace InternalServices.Api.Tests;

public sealed class CatalogueTests(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private readonly Organisation _organisation = new(mesh.Provider);

    [Fact]
    public async Task Every_change_of_a_service_tells_its_whole_state()
    {
        await using var published = await PublishedEvents.Of(mesh.Vhost, "internal.service-catalog-changed");
        var owner = await _organisation.Department();
        var code = await _organisation.Service(owner);
        var edit = new
        {
            name = "Renamed",
            ownerDepartment = owner,
            audience = "external",
            charging = "showback",
            pricing = "costRecovery",
            active = false,
        };
        (await mesh.Provider.Put($"services/{code}", edit, "\"1\"")).Is(200);

        var events = await Eventually.Gives(() => Task.FromResult(published.About(code)), all => all.Count == 2);
        Assert.Equal(["1", "2"], events.Select(sent => sent["aggregateVersion"]!.ToJsonString()));
        Assert.Equal(("both", true), ((string)events[0]["audience"]!, (bool)events[0]["active"]!));
        Assert.Equal(
            ("Renamed", "external", false),
            ((string)events[1]["name"]!, (string)events[1]["audience"]!, (bool)events[1]["active"]!));
        Assert.Equal("GB-month", (string)events[1]["unit"]!);
    }

    [Fact]
    public async Task A_service_belongs_to_an_internal_department()
    {
        (await mesh.Provider.Post("services", Service("LOST", "NOBODY"))).Refuses(422, "department-not-found")
            .RefusesField("/ownerDepartment", "department-not-found");
        (await mesh.Provider.Post("services", Service("OURS", "UNALLOCATED"))).Refuses(422, "owner-not-internal");
    }

    [Fact]
    public async Task A_code_is_taken_once()
    {
        var owner = await _organisation.Department();
        var code = await _organisation.Service(owner);

        (await mesh.Provider.Post("services", Service(code, owner))).Refuses(409, "service-exists");
    }

    [Theory]
    [InlineData("audience", "everybody")]
    [InlineData("charging", "gift")]
    [InlineData("pricing", "auction")]
    public async Task A_word_that_is_not_one_of_the_documented_is_unreadable(string member, string word)
    {
        var body = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(Service("ODD", "NOBODY")))!;
        body[member] = word;

        var answer = (await mesh.Provider.PostJson("services", body.ToJsonString())).Refuses(400, "unreadable");
        Assert.Equal($"/{member}", (string)answer["errors"][0]!["pointer"]!);
    }

    [Fact]
    public async Task Departments_read_the_catalogue_and_customers_do_not()
    {
        var owner = await _organisation.Department();
        var code = await _organisation.Service(owner);

        (await mesh.Department(owner).Get($"services/{code}")).Is(200);
        (await mesh.Department("ANY").Get("services")).Is(200);
        (await mesh.Customer("ACME").Get($"services/{code}")).Is(403);
        (await mesh.Department(owner).Put($"services/{code}", new { }, "\"1\"")).Is(403);
    }

    private static object Service(string code, string owner) => new
    {
        code,
        name = "Storage",
        unit = "GB-month",
        ownerDepartment = owner,
        audience = "both",
        charging = "chargeback",
        pricing = "costRecovery",
    };
}
