using System.Collections.Concurrent;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace ServiceMesh.Messaging.Relaying;

/// <summary>What became of a published event: confirmed, or failed for a reason that lies in the event.</summary>
internal readonly record struct Settled(Flight Flight, string? Failure);

/// <summary>The broker closed the channel over something that was published on it.</summary>
internal sealed class ChannelClosedException(string reason) : Exception(reason);

/// <summary>
/// Publishes on one channel, in order, without waiting for each confirmation, and hands out the answers as they come.
/// It matches answers by itself: the client's own tracking costs more and adds a header to every message.
/// </summary>
internal sealed class Publisher : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly string _source;
    private readonly Action _answered;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Flight> _unanswered = [];
    private readonly Dictionary<string, string> _returned = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Settled> _settled = new();
    private ulong _published;
    private ulong _answeredUpTo;
    private int _unread;
    private volatile bool _blocked;
    private volatile ShutdownEventArgs? _closed;

    private Publisher(IConnection connection, IChannel channel, string source, Action answered)
    {
        _connection = connection;
        _channel = channel;
        _source = source;
        _answered = answered;
        channel.BasicAcksAsync += (_, ack) => Settle(ack.DeliveryTag, ack.Multiple, refused: false);
        channel.BasicNacksAsync += (_, nack) => Settle(nack.DeliveryTag, nack.Multiple, refused: true);
        channel.BasicReturnAsync += (_, returned) => Return(returned);
        channel.ChannelShutdownAsync += (_, reason) => Close(reason);
        connection.ConnectionBlockedAsync += (_, _) => Block(true);
        connection.ConnectionUnblockedAsync += (_, _) => Block(false);
    }

    /// <summary>The broker is short of memory or disk and takes nothing for now.</summary>
    public bool IsBlocked => _blocked;

    /// <summary>
    /// After how many answers the reader is called. The last outstanding one and a failure call it at once; waking it
    /// for each of many that it can only collect would cost more than publishing them.
    /// </summary>
    public int AnswersPerCall { get; set; } = 1;

    /// <param name="connection">Stays the caller's.</param>
    /// <param name="source">The service, as the origin of the events.</param>
    /// <param name="answered">Called when there is something to read, or when the channel has closed.</param>
    /// <param name="cancellation">Stops trying.</param>
    public static async Task<Publisher> Open(
        IConnection connection, string source, Action answered, CancellationToken cancellation)
    {
        var confirming = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);
        return new(connection, await connection.CreateChannelAsync(confirming, cancellation), source, answered);
    }

    public async ValueTask Publish(Flight flight, CancellationToken cancellation)
    {
        var waiting = flight.Event;
        lock (_gate) _unanswered.Add(++_published, flight);
        try
        {
            await _channel.BasicPublishAsync(
                waiting.Name,
                routingKey: "",
                mandatory: true,
                EventHeaders.Of(waiting, _source),
                waiting.Body,
                cancellation);
        }
        catch (AlreadyClosedException closed)
        {
            _closed ??= closed.ShutdownReason;
            ThrowIfClosed();
        }
    }

    public bool TryRead(out Settled settled) => _settled.TryDequeue(out settled);

    /// <exception cref="ChannelClosedException">
    /// Something that was published is not acceptable to the broker.
    /// </exception>
    /// <exception cref="IOException">The connection is lost.</exception>
    public void ThrowIfClosed()
    {
        if (_closed is not { } reason) return;
        throw reason.Initiator is ShutdownInitiator.Peer && _connection.IsOpen
            ? new ChannelClosedException($"{reason.ReplyCode} {reason.ReplyText}")
            : new IOException($"The connection to the broker is lost: {reason.ReplyText}");
    }

    public async ValueTask DisposeAsync() => await _channel.DisposeAsync();

    private Task Settle(ulong tag, bool multiple, bool refused)
    {
        var calls = false;
        lock (_gate)
        {
            if (!multiple) calls = SettleOne(tag, refused);
            for (; multiple && _answeredUpTo < tag; _answeredUpTo++) calls |= SettleOne(_answeredUpTo + 1, refused);
            calls |= _unread >= AnswersPerCall || _unanswered.Count == 0;
            if (calls) _unread = 0;
        }

        if (calls) _answered();
        return Task.CompletedTask;
    }

    /// <returns>Whether it failed.</returns>
    private bool SettleOne(ulong tag, bool refused)
    {
        if (!_unanswered.Remove(tag, out var flight)) return false;
        var failure = _returned.Count > 0 && _returned.Remove(flight.Event.MessageId, out var unroutable) ? unroutable
            : refused ? "The broker refused it."
            : null;
        _settled.Enqueue(new Settled(flight, failure));
        _unread++;
        return failure is not null;
    }

    /// <summary>
    /// Comes before the confirmation of the same message, which a broker gives for an unroutable one too.
    /// </summary>
    private Task Return(BasicReturnEventArgs returned)
    {
        lock (_gate)
        {
            _returned[returned.BasicProperties.MessageId ?? ""] =
                $"{returned.ReplyCode} {returned.ReplyText}: no queue is bound to {returned.Exchange}.";
        }

        return Task.CompletedTask;
    }

    private Task Close(ShutdownEventArgs reason)
    {
        _closed = reason;
        _answered();
        return Task.CompletedTask;
    }

    private Task Block(bool blocked)
    {
        _blocked = blocked;
        return Task.CompletedTask;
    }
}
