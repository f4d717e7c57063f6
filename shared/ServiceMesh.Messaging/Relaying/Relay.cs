using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceMesh.Data;

namespace ServiceMesh.Messaging.Relaying;

/// <summary>
/// Publishes what the outbox holds. Every replica of a service runs one; the one with the outbox's lock is active, the
/// others pass it word of their commits and take over when it ends.
/// </summary>
internal sealed partial class Relay(
    ServiceName service,
    DatabaseOptions database,
    BrokerOptions broker,
    MessagingOptions options,
    RelaySignal signal,
    TimeProvider time,
    ILogger<Relay> logger) : BackgroundService
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TimeSpan _pause = ShortestPause;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var poll = time.CreateTimer(_ => signal.Look(), null, options.PollInterval, options.PollInterval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Lead(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it was, the events are still in the outbox; another replica may fare better meanwhile.
                Interrupted(logger, fault);
                await Pause(stoppingToken);
            }
        }
    }

    private async Task Lead(CancellationToken stopping)
    {
        await using var outbox = await OutboxSession.Open(database, stopping);
        await StandBy(outbox, stopping);
        await using var connection = await broker.Connect($"{service} relay", stopping);
        Leading(logger);
        _pause = ShortestPause;

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var listener = Listen(ended.Token);
        try
        {
            await new Pump(outbox, connection, $"/{service}", signal, options, time, logger).Run(stopping);
        }
        finally
        {
            await ended.CancelAsync();
            await listener;
        }
    }

    private async Task StandBy(OutboxSession outbox, CancellationToken stopping)
    {
        var tried = time.GetTimestamp();
        while (!await outbox.TryLead(stopping))
        {
            do
            {
                await signal.Wait(stopping);
                if (signal.TakeCommitted()) await outbox.Notify(stopping);
            }
            while (time.GetElapsedTime(tried) < options.PollInterval);

            tried = time.GetTimestamp();
        }
    }

    /// <summary>Only makes it quicker: without it the poll finds what other replicas have committed.</summary>
    private async Task Listen(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var calls = await OutboxSession.Open(database, stopping);
                await calls.Listen(signal.Look, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Deaf(logger, fault);
                await Task.Delay(LongestPause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Pause(CancellationToken stopping)
    {
        await Task.Delay(_pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    [LoggerMessage(LogLevel.Information, "Relaying the outbox")]
    private static partial void Leading(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Relaying the outbox was interrupted; nothing is lost")]
    private static partial void Interrupted(ILogger logger, Exception fault);

    [LoggerMessage(LogLevel.Warning, "Commits of other replicas are only found by polling for now")]
    private static partial void Deaf(ILogger logger, Exception fault);
}
