using System.Net;

namespace ExternalServices.Api.Tests.Parties;

public sealed class CustomerTests(ExternalService service)
{
    [Fact]
    public async Task A_customer_is_registered_read_and_edited()
    {
        var world = await World.Create(service);
        var path = $"/external/v1/customers/{world.Customer}";

        var read = await service.Provider.Get(path);
        Assert.Equal("Bilbao", read.Text("address.city"));
        Assert.Equal("es", read.Text("language"));
        Assert.Equal("1", read.Text("version"));

        var edit = Edit("Acme Ibérica S.A.");
        await service.Provider.Put(path, edit, version: null, HttpStatusCode.PreconditionRequired);
        var stale = await service.Provider.Put(path, edit, "\"7\"", HttpStatusCode.PreconditionFailed);
        Assert.Equal("changed-meanwhile", stale.Code());
        var edited = await service.Provider.Put(path, edit, "\"1\"");
        Assert.Equal("Acme Ibérica S.A.", edited.Text("name"));
        Assert.Equal("2", edited.Text("version"));
        Assert.Equal("2", (await service.Provider.Get(path)).Text("version"));
    }

    [Fact]
    public async Task Its_code_is_taken_once()
    {
        var world = await World.Create(service);
        var again = await service.Provider.Post(
            "/external/v1/customers", world.CustomerBody(world.Customer), HttpStatusCode.Conflict);
        Assert.Equal("customer-exists", again.Code());
    }

    [Fact]
    public async Task Every_bad_member_is_named()
    {
        var world = await World.Create(service);
        var problem = await service.Provider.Post(
            "/external/v1/customers",
            new
            {
                code = "no spaces",
                legalEntity = world.Entity,
                name = " ",
                address = new { street = "x", city = "x", postalCode = "x" },
                country = "DE",
                vatId = "ESB12345678",
                email = "nobody",
                currency = "EUR",
                zone = "Mars/Olympus",
                language = "en",
                paymentTermsDays = -1,
            },
            HttpStatusCode.UnprocessableEntity);
        Assert.Equal(
            [
                "/code invalid-code", "/name invalid-text", "/vatId invalid-vat-id", "/email invalid-email",
                "/zone unknown-zone", "/paymentTermsDays out-of-range",
            ],
            problem.Errors());
    }

    [Theory]
    [InlineData("currency", "\"EURO\"", "/currency")]
    [InlineData("language", "\"tlh\"", "/language")]
    [InlineData("paymentTermsDays", "\"30\"", "/paymentTermsDays")]
    [InlineData("nickname", "\"A\"", "/nickname")]
    public async Task What_is_not_of_the_documented_form_is_unreadable(string member, string value, string pointer)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(Somebody)!;
        body[member] = System.Text.Json.Nodes.JsonNode.Parse(value);
        var problem = await service.Provider.PostText(
            "/external/v1/customers", body.ToJsonString(), HttpStatusCode.BadRequest);
        Assert.Equal("unreadable", problem.Code());
        Assert.Equal(pointer, problem.Text("errors.0.pointer"));
    }

    [Fact]
    public async Task A_customer_sees_itself_and_nobody_else()
    {
        var mine = await World.Create(service);
        var other = await World.Create(service);
        var me = service.As(mine.Customer);

        Assert.Equal(mine.Customer, (await me.Get($"/external/v1/customers/{mine.Customer}")).Text("code"));
        var hidden = await me.Get($"/external/v1/customers/{other.Customer}", HttpStatusCode.NotFound);
        Assert.Equal("customer-not-found", hidden.Code());
        var list = await me.Get("/external/v1/customers");
        Assert.Equal(mine.Customer, Assert.Single(list["items"]!.AsArray())!.Text("code"));
        await me.Put($"/external/v1/customers/{mine.Customer}", Edit("Mine"), "\"1\"", HttpStatusCode.Forbidden);
    }

    private static object Edit(string name) => new
    {
        name,
        address = new { street = "Gran Vía 2", city = "Bilbao", postalCode = "48001" },
        country = "ES",
        vatId = (string?)null,
        email = (string?)null,
        language = "en",
        paymentTermsDays = 14,
    };

    private static readonly object Somebody = new
    {
        code = "SOMEBODY",
        legalEntity = "NW",
        name = "Somebody",
        address = new { street = "x", city = "x", postalCode = "x" },
        country = "ES",
        currency = "EUR",
        zone = "Europe/Madrid",
        language = "en",
        paymentTermsDays = 30,
    };
}
