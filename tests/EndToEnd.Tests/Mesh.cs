using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ExternalServices.Api;
using Gateway;
using InternalServices.Api;
using Testing;
using Testing.Databases;
using Testing.Services;

namespace EndToEnd.Tests;

/// <summary>
/// The whole mesh as an operator runs it: three processes with databases and a virtual host of their own, the gateway
/// in front, tokens from the gateway.
/// </summary>
public sealed class Mesh : IAsyncDisposable
{
    private const string Administrator = "administrator";

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-").FullName;
    private string[] _internalSettings = [];
    private string[] _externalSettings = [];
    private string[] _gatewaySettings = [];

    public ServiceProcess Gateway { get; private set; } = null!;

    public ServiceProcess Internal { get; private set; } = null!;

    public ServiceProcess External { get; private set; } = null!;

    /// <summary>Every executable with the settings that it runs with here.</summary>
    public IReadOnlyList<(string Name, string Assembly, IReadOnlyList<string> Settings)> Executables() =>
    [
        ("internal-services", "InternalServices.Api.dll", _internalSettings),
        ("external-services", "ExternalServices.Api.dll", _externalSettings),
        ("gateway", "Gateway.dll", _gatewaySettings),
    ];

    /// <summary>By the service's database name, for example <c>external_services</c>.</summary>
    public Dictionary<string, TestDatabase> Databases { get; } = [];

    public string SecretFile => Path.Combine(_folder, "administrator");

    /// <param name="gatewaySettings">Further settings of the gateway as <c>--Key:Name=value</c>.</param>
    public static Task<Mesh> Start(params string[] gatewaySettings) => Start([], gatewaySettings);

    /// <inheritdoc cref="Start(string[])"/>
    /// <param name="everywhere">Further settings of all three.</param>
    public static async Task<Mesh> Start(IReadOnlyList<string> everywhere, params string[] gatewaySettings)
    {
        var mesh = new Mesh();
        try
        {
            await mesh.StartAll(everywhere, gatewaySettings);
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the gateway with the first administrator's token.</summary>
    public Task<HttpClient> Client() => Client(Gateway);

    /// <summary>The same past the gateway, for a test of what one service does.</summary>
    public async Task<HttpClient> Client(ServiceProcess service) => await Client(
        service, Administrator, await File.ReadAllTextAsync(SecretFile), "internal external gateway");

    private async Task<HttpClient> Client(ServiceProcess service, string id, string secret, string scope)
    {
        using var gateway = Gateway.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = id,
            ["client_secret"] = secret,
            ["scope"] = scope,
        });
        using var answer = await gateway.PostAsync("/oauth/token", form);
        var token = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return service.Client(token["access_token"]!.GetValue<string>());
    }

    /// <summary>A client of the gateway with the token of a new client that has this role.</summary>
    public async Task<HttpClient> ClientWith(string role)
    {
        using var administrator = await Client();
        using var made = await administrator.PostAsJsonAsync(
            "/gateway/v1/clients",
            new { id = role, name = role, kind = "provider", roles = new[] { role }, scopes = new[] { "internal" } });
        var client = JsonNode.Parse(await made.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return await Client(Gateway, role, client["secret"]!.GetValue<string>(), "internal");
    }

    public async Task StartInternal() =>
        Internal = Owned(await ServiceProcess.Start(typeof(InternalServicesApp).Assembly, _internalSettings));

    public async Task StartExternal() =>
        External = Owned(await ServiceProcess.Start(typeof(ExternalServicesApp).Assembly, _externalSettings));

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAll(IReadOnlyList<string> everywhere, string[] gatewaySettings)
    {
        var port = ServiceProcess.FreePort();
        var issuer = $"http://127.0.0.1:{port}/";
        var vhost = Owned(await Vhost.Create());
        string[] shared =
        [
            .. vhost.Settings,
            $"--Auth:Authority={issuer}",
            $"--Auth:MetadataAddress={issuer}.well-known/openid-configuration",
            .. everywhere,
        ];
        _internalSettings = [.. (await Database("internal_services")).Settings, .. shared];
        _externalSettings = [.. (await Database("external_services")).Settings, .. shared];
        await ServiceProcess.Run(typeof(InternalServicesApp).Assembly, "migrate", _internalSettings);
        await ServiceProcess.Run(typeof(ExternalServicesApp).Assembly, "migrate", _externalSettings);
        await StartExternal();
        await StartInternal();
        await StartGateway(port, issuer, [.. everywhere, .. gatewaySettings]);
    }

    private async Task StartGateway(int port, string issuer, string[] further)
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(SecretFile, "sm_" + RandomNumberGenerator.GetHexString(64));
        _gatewaySettings =
        [
            .. (await Database("gateway")).Settings,
            $"--Gateway:Issuer={issuer}",
            $"--Gateway:SigningKeyFile={Path.Combine(_folder, "key.pem")}",
            $"--Gateway:BootstrapSecretFile={SecretFile}",
            $"--Gateway:InternalServices:0={Internal.Address}",
            $"--Gateway:ExternalServices:0={External.Address}",
            .. further,
        ];
        var gateway = typeof(GatewayApp).Assembly;
        await ServiceProcess.Run(gateway, "migrate", _gatewaySettings);
        Gateway = Owned(await ServiceProcess.Start(gateway, port, _gatewaySettings));
    }

    private async Task<TestDatabase> Database(string service) =>
        Databases[service] = Owned(
            await new DatabaseTemplate(service, "empty", _ => Task.CompletedTask).CreateDatabase());

    private T Owned<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
