using System.Globalization;
using System.Net.Http.Json;
using RabbitMQ.Client;
using Testing.Servers;

namespace Testing;

/// <summary>
/// A virtual host of its own on the shared broker: exchanges and queues of one fixture, deleted with it.
/// </summary>
public sealed class Vhost : IAsyncDisposable
{
    private static int _made;

    private Vhost(BrokerServer server, string name)
    {
        Server = server;
        Name = name;
    }

    public BrokerServer Server { get; }

    public string Name { get; }

    /// <summary>What a service is configured with, as arguments of its command line.</summary>
    public IReadOnlyList<string> Settings =>
    [
        $"--Broker:Host={Server.Host}",
        $"--Broker:Port={Server.Port}",
        $"--Broker:VirtualHost={Name}",
        $"--Broker:Username={Server.Username}",
        $"--Broker:Password={Server.Password}",
    ];

    public static async Task<Vhost> Create()
    {
        var server = (await TestServers.Find()).Broker;
        var number = Interlocked.Increment(ref _made);
        var name = string.Create(CultureInfo.InvariantCulture, $"test-{Environment.ProcessId}-{number}");
        var vhost = new Vhost(server, name);
        using var management = server.Management();
        using var made = await management.PutAsync($"vhosts/{vhost.Name}", content: null);
        made.EnsureSuccessStatusCode();
        var everything = new { configure = ".*", write = ".*", read = ".*" };
        using var allowed = await management.PutAsJsonAsync($"permissions/{vhost.Name}/{server.Username}", everything);
        allowed.EnsureSuccessStatusCode();
        return vhost;
    }

    public async Task<IConnection> Connect(CancellationToken cancellation = default) => await new ConnectionFactory
    {
        HostName = Server.Host,
        Port = Server.Port,
        VirtualHost = Name,
        UserName = Server.Username,
        Password = Server.Password,
        ClientProvidedName = "tests",
    }.CreateConnectionAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        using var management = Server.Management();
        using var deleted = await management.DeleteAsync($"vhosts/{Name}");
        deleted.EnsureSuccessStatusCode();
    }
}
