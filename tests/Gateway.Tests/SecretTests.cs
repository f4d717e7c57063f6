using System.Net;
using Gateway.Tests.Fixtures;

namespace Gateway.Tests;

/// <summary>Secrets come, overlap and go without an outage.</summary>
public sealed class SecretTests(Mesh mesh)
{
    [Fact]
    public async Task Two_secrets_are_valid_at_a_time_and_the_third_ends_the_first()
    {
        var (id, first) = await mesh.AddClient("provider", null, [], "internal");

        var second = await Rotate(id);
        Assert.Equal("valid valid", await Standing(id, first, second));

        var third = await Rotate(id);
        Assert.Equal("wrong valid valid", await Standing(id, first, second, third));
    }

    [Fact]
    public async Task A_revoked_secret_ends_at_once()
    {
        var (id, leaked) = await mesh.AddClient("provider", null, [], "internal");
        var successor = await Rotate(id);
        using var administrator = mesh.Gateway.Client(mesh.Administrator);
        var client = await (await administrator.GetAsync($"/gateway/v1/clients/{id}")).Json();
        var secrets = client["secrets"]!.AsArray();
        Assert.Equal(2, secrets.Count);
        var oldest = secrets[^1]!["id"]!.GetValue<string>();

        using var revoked = await administrator.DeleteAsync($"/gateway/v1/clients/{id}/secrets/{oldest}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal("wrong valid", await Standing(id, leaked, successor));
    }

    [Fact]
    public async Task The_last_secret_cannot_be_revoked_nor_another_clients()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");
        var (other, _) = await mesh.AddClient("provider", null, [], "internal");
        using var administrator = mesh.Gateway.Client(mesh.Administrator);
        var client = await (await administrator.GetAsync($"/gateway/v1/clients/{id}")).Json();
        var only = client["secrets"]![0]!["id"]!.GetValue<string>();

        using var last = await administrator.DeleteAsync($"/gateway/v1/clients/{id}/secrets/{only}");
        await last.IsProblem(HttpStatusCode.Conflict, "last-secret");
        using var foreign = await administrator.DeleteAsync($"/gateway/v1/clients/{other}/secrets/{only}");
        await foreign.IsProblem(HttpStatusCode.NotFound, "secret-not-found");
        Assert.True(await IsValid(id, secret));
    }

    [Fact]
    public async Task A_disabled_client_gets_no_token_until_it_is_enabled()
    {
        var (id, secret) = await mesh.AddClient("customer", "ACME", [], "external");
        using var administrator = mesh.Gateway.Client(mesh.Administrator);

        var disabled = await (await administrator.PostAsync($"/gateway/v1/clients/{id}/disable", null)).Json();
        Assert.NotNull(disabled["disabledAt"]);
        Assert.False(await IsValid(id, secret));
        var again = await (await administrator.PostAsync($"/gateway/v1/clients/{id}/disable", null)).Json();
        Assert.Equal(disabled["disabledAt"]!.GetValue<string>(), again["disabledAt"]!.GetValue<string>());

        var enabled = await (await administrator.PostAsync($"/gateway/v1/clients/{id}/enable", null)).Json();
        Assert.Null(enabled["disabledAt"]);
        Assert.True(await IsValid(id, secret));
    }

    [Fact]
    public async Task Secrets_are_recognisable_random_and_stored_as_hashes()
    {
        var (id, secret) = await mesh.AddClient("provider", null, [], "internal");

        Assert.Matches("^sm_[A-Za-z0-9_-]{43}$", secret);
        Assert.NotEqual(secret, await Rotate(id));
        Assert.Equal(1L, await mesh.Scalar<long>(
            $"select count(*) from identity.client_secrets where hash = sha256('{secret}'::bytea)"));
    }

    private async Task<string> Rotate(string id)
    {
        using var administrator = mesh.Gateway.Client(mesh.Administrator);
        using var answer = await administrator.PostAsync($"/gateway/v1/clients/{id}/secrets", null);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Json())["secret"]!.GetValue<string>();
    }

    private async Task<string> Standing(string id, params string[] secrets)
    {
        List<string> standing = [];
        foreach (var secret in secrets)
        {
            standing.Add(await IsValid(id, secret) ? "valid" : "wrong");
        }

        return string.Join(' ', standing);
    }

    private async Task<bool> IsValid(string id, string secret)
    {
        using var answer = await mesh.AskToken(id, secret);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
