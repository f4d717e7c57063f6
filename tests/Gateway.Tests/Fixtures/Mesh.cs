using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Testing.Databases;
using Testing.Services;

[assembly: AssemblyFixture(typeof(Gateway.Tests.Fixtures.Mesh))]

namespace Gateway.Tests.Fixtures;

/// <summary>A gateway before two fake services. Tests that set something else start another gateway.</summary>
public sealed class Mesh : IAsyncLifetime
{
    public const string Issuer = "http://gateway.test/";

    private static readonly DatabaseTemplate Template = new(
        "gateway",
        Testing.Databases.Migrations.Fingerprint(typeof(GatewayApp).Assembly),
        database => ServiceMesh.Data.Migrations.Run(
            database.OwnerConnectionString,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance,
            CancellationToken.None,
            typeof(GatewayApp).Assembly));

    private int _clients;

    public KeyFile Key { get; } = new();

    public TestDatabase Database { get; private set; } = null!;

    public FakeService Internal { get; private set; } = null!;

    public FakeService External { get; private set; } = null!;

    public RunningService Gateway { get; private set; } = null!;

    public TokenForge Forge => new() { Credentials = new SigningCredentials(Key.Key, SecurityAlgorithms.EcdsaSha256) };

    /// <summary>May do everything, and stands in no table.</summary>
    public string Administrator => (Forge with { Roles = ["administrator"] }).Write();

    public async ValueTask InitializeAsync()
    {
        Database = await CreateDatabase();
        Internal = await FakeService.Start("internal");
        External = await FakeService.Start("external");
        Gateway = await StartGateway();
    }

    public static Task<TestDatabase> CreateDatabase() => Template.CreateDatabase();

    /// <summary>Settings given last win.</summary>
    public Task<RunningService> StartGateway(params string[] settings) => RunningService.Start(
        GatewayApp.Build,
        Database.Settings,
        [
            $"--Gateway:Issuer={Issuer}",
            $"--Gateway:SigningKeyFile={Key.Path}",
            $"--Gateway:InternalServices:0={Internal.Address}",
            $"--Gateway:ExternalServices:0={External.Address}",
            "--Gateway:RateLimit:AnonymousBurst=100000",
            "--Gateway:RateLimit:Burst=100000",
            "--Gateway:RateLimit:FailedTokenRequestsPerMinute=100000",
        ],
        settings);

    /// <summary>Registers a client with an id of its own and returns the id with the secret.</summary>
    public async Task<(string Id, string Secret)> AddClient(
        string kind, string? code, string[] roles, params string[] scopes)
    {
        var id = $"client-{Interlocked.Increment(ref _clients)}";
        using var administrator = Gateway.Client(Administrator);
        using var answer = await administrator.PostAsJsonAsync(
            "/gateway/v1/clients", new { id, name = id, kind, code, roles, scopes });
        var body = await answer.EnsureSuccessStatusCode().Json();
        return (id, body["secret"]!.GetValue<string>());
    }

    /// <summary>Asks for a token as RFC 6749 recommends, with the credentials in the header.</summary>
    public Task<HttpResponseMessage> AskToken(string id, string secret, string? scope = null) =>
        AskToken(Gateway, id, secret, scope);

    public static async Task<HttpResponseMessage> AskToken(
        RunningService gateway, string id, string secret, string? scope = null)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token");
        var credentials = Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        request.Content = new FormUrlEncodedContent(form);
        return await client.SendAsync(request);
    }

    /// <summary>A token that the gateway has issued.</summary>
    public async Task<string> Token(string id, string secret)
    {
        using var answer = await AskToken(id, secret);
        return (await answer.EnsureSuccessStatusCode().Json())["access_token"]!.GetValue<string>();
    }

    public async Task<T?> Scalar<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.SuperuserConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T?)await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Internal.DisposeAsync();
        await External.DisposeAsync();
        await Database.DisposeAsync();
        Key.Dispose();
    }
}
