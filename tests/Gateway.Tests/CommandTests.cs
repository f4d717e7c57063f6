using System.Net;
using Gateway.Tests.Fixtures;
using Testing;
using Testing.Databases;
using Testing.Services;

namespace Gateway.Tests;

/// <summary>How the first administrator comes to be.</summary>
public sealed class CommandTests(Mesh mesh)
{
    private const string Secret = "sm_first-administrator-0123456789abcdef";

    [Fact]
    public async Task Migrating_creates_the_first_administrator_and_never_a_second_one()
    {
        await using var database = await Mesh.CreateDatabase();
        await Migrate(database, Secret);
        await using var gateway = await mesh.StartGateway([.. database.Settings]);
        using var token = await Mesh.AskToken(gateway, "administrator", Secret, "gateway");
        using var client = gateway.Client((await token.Json())["access_token"]!.GetValue<string>());
        Assert.Single((await (await client.GetAsync("/gateway/v1/clients")).Json())["items"]!.AsArray());

        await Migrate(database, "sm_another-secret-that-comes-too-late");

        Assert.Single((await (await client.GetAsync("/gateway/v1/clients")).Json())["items"]!.AsArray());
        using var late = await Mesh.AskToken(gateway, "administrator", "sm_another-secret-that-comes-too-late");
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
    }

    [Fact]
    public async Task A_secret_that_could_be_guessed_is_refused()
    {
        await using var database = await Mesh.CreateDatabase();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Migrate(database, "password"));
        Assert.Contains("32 random characters", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_can_be_added_from_the_command_line()
    {
        string[] client = ["--id", "by-command", "--kind", "customer", "--code", "ACME", "--scopes", "external"];
        var secret = await Output(client);
        using var token = await mesh.AskToken("by-command", secret);
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);

        var wrongScope = await Output("--id", "x", "--kind", "customer", "--code", "ACME", "--scopes", "internal");
        Assert.Contains("already", await Output(client), StringComparison.Ordinal);
        Assert.Contains("/scopes/0", wrongScope, StringComparison.Ordinal);
        Assert.Contains("--kind provider|department|customer", await Output("--id", "x"), StringComparison.Ordinal);
    }

    private static async Task Migrate(TestDatabase database, string secret)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, secret + "\n");

        // With one thread for all sockets, whoever waits on it waits for itself: always, and not by chance.
        await using var command = ServiceProcess.Launch(
            typeof(GatewayApp).Assembly,
            ["migrate", .. database.Settings, $"--Gateway:BootstrapSecretFile={file}"],
            environment: ("DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT", "1"));
        var exitCode = await command.Exited();
        File.Delete(file);
        if (exitCode != 0) throw new InvalidOperationException($"migrate ended with {exitCode}: {command.Output}");
    }

    private async Task<string> Output(params string[] arguments)
    {
        await using var command = ServiceProcess.Launch(
            typeof(GatewayApp).Assembly, ["add-client", .. arguments, .. mesh.Database.Settings]);
        await Eventually.Holds(() => command.HasExited);
        return command.Output.Trim();
    }
}
