using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway;
using Testing;
using Testing.Databases;
using Testing.Services;

namespace EndToEnd.Tests;

/// <summary>
/// The whole mesh as an operator runs it: three processes with databases and a virtual host of their own, the gateway in
/// front, tokens from the gateway.
/// </summary>
public sealed class Mesh : IAsyncDisposable
{
    private const string Administrator = "administrator";

    private readonly List<IAsyncDisposable> _owned = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-").FullName;
    private string[] _internalSettings = [];
    private string[] _externalSettings = [];

    public ServiceProcess Gateway { get; private set; } = null!;

    public ServiceProcess Internal { get; private set; } = null!;

    public ServiceProcess External { get; private set; } = null!;

    public string SecretFile => Path.Combine(_folder, "administrator");

    public static async Task<Mesh> Start()
    {
        var mesh = new Mesh();
        try
        {
            await mesh.StartAll();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the gateway with the first administrator's token.</summary>
    public async Task<HttpClient> Client()
    {
        var client = Gateway.Client();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = Administrator,
            ["client_secret"] = await File.ReadAllTextAsync(SecretFile),
            ["scope"] = "internal external gateway",
        });
        using var answer = await client.PostAsync("/oauth/token", form);
        var token = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        client.DefaultRequestHeaders.Authorization = new("Bearer", token["access_token"]!.GetValue<string>());
        return client;
    }

    public async Task StartExternal() =>
        External = Owned(await ServiceProcess.Start(typeof(ExternalServices.Api.ExternalServicesApp).Assembly, _externalSettings));

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Enumerable.Reverse(_owned)) await owned.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAll()
    {
        var port = ServiceProcess.FreePort();
        var issuer = $"http://127.0.0.1:{port}/";
        var vhost = Owned(await Vhost.Create());
        string[] shared =
        [
            .. vhost.Settings, $"--Auth:Authority={issuer}", $"--Auth:MetadataAddress={issuer}.well-known/openid-configuration",
        ];
        _internalSettings = [.. (await Database("internal_services")).Settings, .. shared];
        _externalSettings = [.. (await Database("external_services")).Settings, .. shared];
        var internalApi = typeof(InternalServices.Api.InternalServicesApp).Assembly;
        var externalApi = typeof(ExternalServices.Api.ExternalServicesApp).Assembly;
        await ServiceProcess.Run(internalApi, "migrate", _internalSettings);
        await ServiceProcess.Run(externalApi, "migrate", _externalSettings);

        await StartExternal();
        Internal = Owned(await ServiceProcess.Start(internalApi, _internalSettings));
        await StartGateway(port, issuer);
    }

    private async Task StartGateway(int port, string issuer)
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        await File.WriteAllTextAsync(SecretFile, "sm_" + RandomNumberGenerator.GetHexString(64));
        string[] settings =
        [
            .. (await Database("gateway")).Settings,
            $"--Gateway:Issuer={issuer}",
            $"--Gateway:SigningKeyFile={Path.Combine(_folder, "key.pem")}",
            $"--Gateway:BootstrapSecretFile={SecretFile}",
            $"--Gateway:InternalServices:0={Internal.Address}",
            $"--Gateway:ExternalServices:0={External.Address}",
        ];
        var gateway = typeof(GatewayApp).Assembly;
        await ServiceProcess.Run(gateway, "migrate", settings);
        Gateway = Owned(await ServiceProcess.Start(gateway, port, settings));
    }

    private async Task<TestDatabase> Database(string service) =>
        Owned(await new DatabaseTemplate(service, "empty", _ => Task.CompletedTask).CreateDatabase());

    private T Owned<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
