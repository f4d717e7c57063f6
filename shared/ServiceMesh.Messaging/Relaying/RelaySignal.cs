using System.Threading.Channels;

namespace ServiceMesh.Messaging.Relaying;

/// <summary>Wakes the relay. Any number of calls between two waits count as one.</summary>
internal sealed class RelaySignal
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _committed;
    private int _look;

    /// <summary>A transaction of this process has committed events.</summary>
    public void Committed()
    {
        Volatile.Write(ref _committed, 1);
        Look();
    }

    /// <summary>The outbox may hold something new.</summary>
    public void Look()
    {
        Volatile.Write(ref _look, 1);
        Wake();
    }

    /// <summary>The broker has answered.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public bool TakeCommitted() => Interlocked.Exchange(ref _committed, 0) == 1;

    public bool TakeLook() => Interlocked.Exchange(ref _look, 0) == 1;

    public async Task Wait(CancellationToken cancellation) => await _wake.Reader.ReadAsync(cancellation);
}
