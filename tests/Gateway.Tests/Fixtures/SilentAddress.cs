using System.Net;
using System.Net.Sockets;

namespace Gateway.Tests.Fixtures;

/// <summary>
/// Neither takes connections nor refuses them, as the address of a container that was removed: a listener that never
/// accepts and whose queue is full, so that the kernel drops whatever comes.
/// </summary>
public sealed class SilentAddress : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _queued = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private SilentAddress()
    {
    }

    public Uri Address => new($"http://{_listener.LocalEndPoint}");

    public static async Task<SilentAddress> Take()
    {
        var silent = new SilentAddress();
        silent._listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent._listener.Listen(0);
        await silent._queued.ConnectAsync(silent._listener.LocalEndPoint!);
        return silent;
    }

    public void Dispose()
    {
        _queued.Dispose();
        _listener.Dispose();
    }
}
