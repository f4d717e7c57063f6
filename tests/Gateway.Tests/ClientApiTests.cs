using System.Net;
using System.Net.Http.Json;
using Gateway.Tests.Fixtures;

namespace Gateway.Tests;

/// <summary>The administration of clients, where it says no.</summary>
public sealed class ClientApiTests(Mesh mesh)
{
    private const string Clients = "/gateway/v1/clients";

    [Fact]
    public async Task Only_an_administrator_of_the_provider_may_administer()
    {
        var others = new[]
        {
            mesh.Forge,
            mesh.Forge with { Roles = ["controller"] },
            mesh.Forge with { Kind = "department", Code = "IT", Roles = ["administrator"] },
            mesh.Forge with { Kind = "customer", Code = "ACME", Roles = ["administrator"] },
            mesh.Forge with { Roles = ["administrator"], Scopes = ["internal", "external"] },
        };
        foreach (var other in others)
        {
            using var client = mesh.Gateway.Client(other.Write());
            using var list = await client.GetAsync(Clients);
            await list.IsProblem(HttpStatusCode.Forbidden, "forbidden");
            using var create = await client.PostAsJsonAsync(Clients, New("intruder"));
            await create.IsProblem(HttpStatusCode.Forbidden, "forbidden");
        }

        using var anonymous = mesh.Gateway.Client();
        using var refused = await anonymous.GetAsync(Clients);
        await refused.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Theory]
    [InlineData("/id", """{"id":"a b","name":"x","kind":"provider","scopes":["internal"]}""")]
    [InlineData("/id", """{"id":"","name":"x","kind":"provider","scopes":["internal"]}""")]
    [InlineData("/name", """{"id":"x","name":" ","kind":"provider","scopes":["internal"]}""")]
    [InlineData("/code", """{"id":"x","name":"x","kind":"provider","code":"IT","scopes":["internal"]}""")]
    [InlineData("/code", """{"id":"x","name":"x","kind":"department","scopes":["internal"]}""")]
    [InlineData("/code", """{"id":"x","name":"x","kind":"customer","code":"a b","scopes":["external"]}""")]
    [InlineData("/scopes", """{"id":"x","name":"x","kind":"provider","scopes":[]}""")]
    [InlineData("/scopes/0", """{"id":"x","name":"x","kind":"department","code":"IT","scopes":["external"]}""")]
    [InlineData("/scopes/1", """{"id":"x","name":"x","kind":"customer","code":"A","scopes":["external","gateway"]}""")]
    [InlineData("/scopes/0", """{"id":"x","name":"x","kind":"provider","scopes":[null]}""")]
    [InlineData("/roles/0", """{"id":"x","name":"x","kind":"provider","roles":["a b"],"scopes":["internal"]}""")]
    [InlineData("/roles/1", """{"id":"x","name":"x","kind":"provider","roles":["a",null],"scopes":["internal"]}""")]
    public async Task A_client_that_cannot_be_is_refused_and_the_member_named(string pointer, string body)
    {
        using var client = mesh.Gateway.Client(mesh.Administrator);
        using var content = new StringContent(body, null, "application/json");

        using var answer = await client.PostAsync(Clients, content);

        var problem = await answer.IsProblem(HttpStatusCode.UnprocessableEntity, "invalid-fields");
        Assert.Contains(problem["errors"]!.AsArray(), error => error!["pointer"]!.GetValue<string>() == pointer);
    }

    [Theory]
    [InlineData("""{"id":"x","name":"x","kind":"visitor","scopes":["internal"]}""")]
    [InlineData("""{"id":"x","name":"x","kind":"provider","scopes":["internal"],"secret":"mine"}""")]
    [InlineData("""{"id":"x","name":"x","kind":"provider"}""")]
    [InlineData("""{"id":null,"name":"x","kind":"provider","scopes":["internal"]}""")]
    [InlineData("{")]
    public async Task A_body_of_another_form_is_unreadable(string body)
    {
        using var client = mesh.Gateway.Client(mesh.Administrator);
        using var content = new StringContent(body, null, "application/json");

        using var answer = await client.PostAsync(Clients, content);

        await answer.IsProblem(HttpStatusCode.BadRequest, "unreadable");
    }

    [Fact]
    public async Task An_id_is_taken_once()
    {
        var (id, _) = await mesh.AddClient("provider", null, [], "internal");
        using var client = mesh.Gateway.Client(mesh.Administrator);
        using var answer = await client.PostAsJsonAsync(Clients, New(id));
        await answer.IsProblem(HttpStatusCode.Conflict, "client-exists");
    }

    [Fact]
    public async Task Nobody_disables_the_client_they_are_using()
    {
        var (id, secret) = await mesh.AddClient("provider", null, ["administrator"], "gateway");
        using var client = mesh.Gateway.Client(await mesh.Token(id, secret));
        using var answer = await client.PostAsync($"{Clients}/{id}/disable", null);
        await answer.IsProblem(HttpStatusCode.Conflict, "own-client");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/secrets")]
    [InlineData("POST", "/disable")]
    [InlineData("POST", "/enable")]
    public async Task What_is_not_there_is_not_found(string method, string path)
    {
        using var client = mesh.Gateway.Client(mesh.Administrator);
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Clients}/nobody{path}");
        using var answer = await client.SendAsync(request);
        await answer.IsProblem(HttpStatusCode.NotFound, "client-not-found");
    }

    [Fact]
    public async Task The_list_goes_on_where_it_stopped_and_shows_every_client_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await mesh.AddClient("provider", null, [], "internal");
        }

        using var client = mesh.Gateway.Client(mesh.Administrator);
        List<string> seen = [];
        var cursor = "";
        do
        {
            var page = await (await client.GetAsync($"{Clients}?limit=2&cursor={cursor}")).Json();
            Assert.InRange(page["items"]!.AsArray().Count, 1, 2);
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(seen.Distinct(), seen);
        Assert.True(seen.Count >= 5);
        foreach (var id in seen)
        {
            using var answer = await client.GetAsync($"{Clients}/{id}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Matches("^\"[0-9]+\"$", answer.Headers.ETag!.Tag);
        }
    }

    private static object New(string id) =>
        new { id, name = "Somebody", kind = "provider", roles = Array.Empty<string>(), scopes = new[] { "internal" } };
}
