using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Testing.Servers;

namespace Messaging.Tests;

/// <summary>
/// A way to the broker that a test can cut, as a broker that stops does, while the other tests go on with it.
/// </summary>
public sealed class BrokerProxy : IAsyncDisposable
{
    private readonly BrokerServer _broker;
    private readonly ConcurrentDictionary<Guid, (TcpClient From, TcpClient To)> _connections = new();
    private readonly List<Task> _tasks = [];
    private readonly int _port;
    private TcpListener? _listener;

    public BrokerProxy(BrokerServer broker)
    {
        _broker = broker;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _tasks.Add(Accept(_listener));
    }

    /// <summary>Overrides of a service's settings.</summary>
    public string[] Settings =>
        ["--Broker:Host=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"--Broker:Port={_port}")];

    public int Connections => _connections.Count;

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        _listener!.Stop();
        _listener = null;
        foreach (var (id, pair) in _connections) Close(id, pair);
    }

    public void Restore()
    {
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _tasks.Add(Accept(_listener));
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is not null) Cut();
        await Task.WhenAll(_tasks);
    }

    private async Task Accept(TcpListener listener)
    {
        while (true)
        {
            try
            {
                var from = await listener.AcceptTcpClientAsync();
                _tasks.Add(Forward(from));
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Forward(TcpClient from)
    {
        var to = new TcpClient { NoDelay = true };
        from.NoDelay = true;
        var id = Guid.CreateVersion7(Testing.Clock.System.GetUtcNow());
        try
        {
            await to.ConnectAsync(_broker.Host, _broker.Port);
            _connections.TryAdd(id, (from, to));
            await Task.WhenAny(
                from.GetStream().CopyToAsync(to.GetStream()),
                to.GetStream().CopyToAsync(from.GetStream()));
        }
        catch (Exception cut)
            when (cut is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The other end learns it the same way.
        }

        Close(id, (from, to));
    }

    private void Close(Guid id, (TcpClient From, TcpClient To) pair)
    {
        _connections.TryRemove(id, out _);
        pair.From.Dispose();
        pair.To.Dispose();
    }
}
