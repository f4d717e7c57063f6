using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace ServiceMesh.Messaging.Relaying;

/// <summary>Moves events from the outbox to the broker for as long as its two connections hold.</summary>
internal sealed partial class Pump(
    OutboxSession outbox,
    IConnection broker,
    string source,
    RelaySignal signal,
    MessagingOptions options,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>Events taken and not settled, at most.</summary>
    private const int WindowSize = 1000;

    /// <summary>With more waiting than fits, it is worth a round trip to the database from this many on.</summary>
    private const int Chunk = 500;

    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ConfirmationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a stopping relay waits for the answers to what it has published.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Which of the events under way made the broker close the channel is not known: so many are then published one at
    /// a time, until the culprit is under way alone.
    /// </summary>
    private int _suspects;

    /// <summary>Returns when it was asked to stop and nothing is under way.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var end = new CancellationTokenSource();
        await using var stop = stopping.Register(() =>
        {
            end.CancelAfter(Grace);
            signal.Wake();
        });
        while (!stopping.IsCancellationRequested)
        {
            await using var publisher = await Publisher.Open(broker, source, signal.Wake, end.Token);
            var window = new Window(_suspects > 0 ? 1 : WindowSize);
            try
            {
                await Flow(publisher, window, stopping, end.Token);
            }
            catch (ChannelClosedException closed)
            {
                await Suspect(window, closed.Message, end.Token);
            }
        }
    }

    /// <summary>Returns when nothing is under way and it is time to stop, or to go on with another channel.</summary>
    private async Task Flow(
        Publisher publisher, Window window, CancellationToken stopping, CancellationToken cancellation)
    {
        var (look, full) = (true, false);
        while (true)
        {
            var stops = stopping.IsCancellationRequested || (window.Size == 1 && _suspects == 0);
            await Settle(publisher, window, stops, cancellation);
            look = !stops && (signal.TakeLook() || look);
            var reads = look && window.Room >= (full ? Math.Min(Chunk, window.Size) : 1);
            if (reads || window.ConfirmedCount >= Chunk || (window.ConfirmedCount > 0 && window.UnderWayCount == 0))
            {
                var room = reads ? window.Room : 0;
                var events = await outbox.Exchange(
                    window.TakeConfirmed(), window.Taken, room, time.GetUtcNow(), cancellation);
                window.Take(events);
                if (reads) await Depart(publisher, window, cancellation);
                if (reads) look = full = events.Count == room;
                publisher.AnswersPerCall = window.HasWaiting ? 1 : Chunk;
            }
            else if (stops && window.UnderWayCount == 0)
            {
                return;
            }
            else if (await FailOverdue(publisher, window, cancellation))
            {
                return;
            }
            else
            {
                await signal.Wait(cancellation);
            }
        }
    }

    /// <summary>Works off the broker's answers, and publishes what waited for them.</summary>
    private async Task Settle(Publisher publisher, Window window, bool stops, CancellationToken cancellation)
    {
        while (publisher.TryRead(out var settled))
        {
            if (_suspects > 0) _suspects--;
            if (settled.Failure is null) Telemetry.Published.Add(1);
            window.Answer(settled.Flight, settled.Failure);
        }

        foreach (var failed in window.TakeFailed()) await Fail(failed.Event, failed.Failure!, cancellation);
        publisher.ThrowIfClosed();
        if (!stops) await Depart(publisher, window, cancellation);
    }

    private async Task Depart(Publisher publisher, Window window, CancellationToken cancellation)
    {
        foreach (var flight in window.Depart(time.GetUtcNow())) await publisher.Publish(flight, cancellation);
    }

    /// <summary>
    /// A channel that is silent about an event for long is given up, since late answers would confuse.
    /// </summary>
    private async Task<bool> FailOverdue(Publisher publisher, Window window, CancellationToken cancellation)
    {
        // A broker that is short of memory answers nobody; no event is to blame.
        if (publisher.IsBlocked) return false;
        var overdue = window.Overdue(time.GetUtcNow() - ConfirmationTimeout);
        foreach (var waiting in overdue)
            await Fail(waiting, $"Not confirmed within {ConfirmationTimeout}.", cancellation);
        if (overdue.Count == 0) return false;
        await outbox.Exchange(window.TakeConfirmed(), [], room: 0, time.GetUtcNow(), cancellation);
        return true;
    }

    /// <summary>The channel is gone, and with it what was under way: all of it is read and published again.</summary>
    private async Task Suspect(Window window, string reason, CancellationToken cancellation)
    {
        await outbox.Exchange(window.TakeConfirmed(), [], room: 0, time.GetUtcNow(), cancellation);
        if (window.UnderWayCount == 1)
        {
            await Fail(window.UnderWay.Single().Event, reason, cancellation);
        }
        else
        {
            _suspects = window.UnderWayCount;
            ChannelClosed(logger, _suspects, reason);
        }
    }

    /// <summary>Holds the event and with it the later ones of its aggregate, for a while or for an operator.</summary>
    private async Task Fail(WaitingEvent failed, string failure, CancellationToken cancellation)
    {
        Telemetry.Failed.Add(1);
        var now = time.GetUtcNow();
        var attempts = failed.Attempts + 1;
        var parks = attempts >= options.AttemptsBeforeParking;
        await outbox.Fail(failed, failure, parks ? now : null, now + Delay(attempts), cancellation);
        if (parks) Parked(logger, failed.Name, failed.EventId, attempts, failure);
    }

    private TimeSpan Delay(int attempts)
    {
        var doubled = options.FirstRetryAfter * Math.Pow(2, attempts - 1);
        return doubled < LongestRetryDelay ? doubled : LongestRetryDelay;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The broker closed the channel over one of {Events} events, which go one by one now: {Reason}")]
    private static partial void ChannelClosed(ILogger logger, int events, string reason);

    [LoggerMessage(LogLevel.Error, "{Name} {EventId} is parked after {Attempts} attempts: {Failure}")]
    private static partial void Parked(ILogger logger, string name, Guid eventId, int attempts, string failure);
}
