using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceMesh.Data;

/// <summary>
/// Does in the background what waits in the database: a step in each transaction until nothing is left, and again after
/// a while. The rows themselves are the list of what is due, so a process that dies leaves nothing half, and every
/// replica may run the same worker as long as a step passes over rows that another holds.
/// </summary>
public abstract partial class Worker(Database database, TimeProvider time, ILogger logger) : BackgroundService
{
    protected TimeProvider Time => time;

    protected virtual TimeSpan LookAgainAfter => TimeSpan.FromSeconds(2);

    /// <summary>Who the audit trail says it was; none for work on tables that it does not watch.</summary>
    protected virtual Actor? Actor => null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Actor is { } actor) Actor.Act(actor);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await database.InTransaction(Tenant.Provider, Step, stoppingToken))
                {
                    // Each step is a transaction of its own.
                }

                await Idle(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Interrupted(logger, LookAgainAfter, fault);
                await Pause(stoppingToken);
            }
        }
    }

    /// <returns>Whether there may be more to do at once.</returns>
    protected abstract Task<bool> Step(Transaction transaction);

    /// <summary>Until it looks again.</summary>
    protected virtual Task Idle(CancellationToken stoppingToken) => Pause(stoppingToken);

    private async Task Pause(CancellationToken stoppingToken) =>
        await Task.Delay(LookAgainAfter, time, stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(LogLevel.Error, "A step failed, nothing of it was kept, and it is tried again in {Pause}")]
    private static partial void Interrupted(ILogger logger, TimeSpan pause, Exception fault);
}
