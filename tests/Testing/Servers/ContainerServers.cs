using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;

namespace Testing.Servers;

/// <summary>
/// Containers that the test processes of a checkout share and leave for the next run; tests/run removes them by their
/// label.
/// </summary>
internal static class ContainerServers
{
    private const string Label = "servicemesh.tests";
    private const string Username = "tests";
    private const string Password = "tests-only";
    private const int ManagementPort = 15672;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<TestServers?> Find()
    {
        if (await EngineApiVersion() is not { } version) return null;

        // Both are read at Testcontainers' first use. The reaper would remove what the processes share.
        Environment.SetEnvironmentVariable("DOCKER_API_VERSION", version);
        Environment.SetEnvironmentVariable("TESTCONTAINERS_RYUK_DISABLED", "true");

        using var patience = new CancellationTokenSource(Patience);
        using var alone = await CrossProcessLock.Take(
            Repository.PathOf(".run", "tests", "containers.lock"), patience.Token);
        var postgres = StartPostgres(patience.Token);
        var broker = StartBroker(patience.Token);
        await Task.WhenAll(postgres, broker);
        return new TestServers(
            postgres.Result,
            broker.Result,
            $"containers (PostgreSQL {postgres.Result.Host}:{postgres.Result.Port}, "
            + $"RabbitMQ {broker.Result.Host}:{broker.Result.Port})");
    }

    /// <summary>Asked of the engine itself: an older one refuses the version that the library would speak.</summary>
    private static async Task<string?> EngineApiVersion()
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var address)) return null;
        try
        {
            using var client = EngineClient(address);
            using var answer = JsonDocument.Parse(await client.GetStringAsync("/version"));
            return answer.RootElement.GetProperty("ApiVersion").GetString();
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or TaskCanceledException)
        {
            return null;
        }
    }

    private static HttpClient EngineClient(Uri address)
    {
        var handler = new SocketsHttpHandler();
        if (address.Scheme == "unix")
        {
            handler.ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.AbsolutePath), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return new HttpClient(handler)
        {
            BaseAddress = address.Scheme == "unix"
                ? new Uri("http://engine")
                : new UriBuilder(address) { Scheme = "http" }.Uri,
            Timeout = TimeSpan.FromSeconds(5),
        };
    }

    private static async Task<PostgresServer> StartPostgres(CancellationToken cancellation)
    {
        var scripts = Repository.PathOf("deploy", "postgres");
        const UnixFileModes Readable = UnixFileModes.UserRead | UnixFileModes.GroupRead | UnixFileModes.OtherRead;
        const UnixFileModes Executable =
            Readable | UnixFileModes.UserExecute | UnixFileModes.GroupExecute | UnixFileModes.OtherExecute;
        var builder = new PostgreSqlBuilder(Image("POSTGRES_IMAGE", "postgres:17"))
            .WithUsername("postgres")
            .WithPassword(Password)
            .WithCommand("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
            .WithCommand("-c", "max_connections=500", "-c", "shared_buffers=256MB")
            .WithResourceMapping(new FileInfo(Path.Combine(scripts, "init")), "/mesh/", fileMode: Executable)
            .WithResourceMapping(new FileInfo(Path.Combine(scripts, "init.sql")), "/mesh/", fileMode: Readable)
            .WithResourceMapping(new FileInfo(Path.Combine(scripts, "database.sql")), "/mesh/", fileMode: Readable)
            .WithLogger(NullLogger.Instance)
            .WithLabel(Label, Repository.Root)
            .WithReuse(_ => $"{Repository.Root} postgres");
        foreach (var name in Roles.SecretNames())
            builder = builder.WithResourceMapping(
                Encoding.UTF8.GetBytes(Password), $"/mesh/secrets/{name}", fileMode: Readable);

        var container = builder.Build();
        await container.StartAsync(cancellation);
        var made = await container.ExecAsync(["sh", "-c", "PGUSER=postgres /mesh/init /mesh/secrets"], cancellation);
        if (made.ExitCode != 0) throw new InvalidOperationException($"The roles were not made: {made.Stderr}");
        return new PostgresServer(
            container.Hostname, container.GetMappedPublicPort(PostgreSqlBuilder.PostgreSqlPort), "postgres", Password);
    }

    private static async Task<BrokerServer> StartBroker(CancellationToken cancellation)
    {
        var container = new RabbitMqBuilder(Image("RABBITMQ_IMAGE", "rabbitmq:4-management"))
            .WithUsername(Username)
            .WithPassword(Password)
            .WithPortBinding(ManagementPort, assignRandomHostPort: true)
            .WithResourceMapping(
                new FileInfo(Repository.PathOf("deploy", "rabbitmq", "rabbitmq.conf")),
                new FileInfo("/etc/rabbitmq/conf.d/20-servicemesh.conf"))
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(request => request
                .ForPort(ManagementPort)
                .ForPath($"/api/health/checks/port-listener/{RabbitMqBuilder.RabbitMqPort}")
                .WithBasicAuthentication(Username, Password)))
            .WithLogger(NullLogger.Instance)
            .WithLabel(Label, Repository.Root)
            .WithReuse(_ => $"{Repository.Root} rabbitmq")
            .Build();
        await container.StartAsync(cancellation);
        return new BrokerServer(
            container.Hostname,
            container.GetMappedPublicPort(RabbitMqBuilder.RabbitMqPort),
            Username,
            Password,
            container.GetMappedPublicPort(ManagementPort));
    }

    private static string Image(string variable, string usual) => Environment.GetEnvironmentVariable(variable) ?? usual;
}
