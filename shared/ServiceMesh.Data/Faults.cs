using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace ServiceMesh.Data;

/// <summary>The connection broke while a commit was under way: whether it took effect is not known.</summary>
/// <remarks>Repeating the request with the same idempotency key tells.</remarks>
public sealed class CommitUnknownException(Exception inner)
    : Exception("The connection to the database broke during a commit; it may or may not have taken effect.", inner);

/// <summary>Which faults of the database pass by themselves.</summary>
public static partial class Faults
{
    private const int RetriesAtMost = 4;

    /// <summary>
    /// Nothing was committed, and the same work may succeed later: a serialization failure, a deadlock, a lost
    /// connection, a server that restarts or does not answer.
    /// </summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } => true,
        NpgsqlException failed => failed.IsTransient,
        _ => false,
    };

    /// <summary>What has waited for its timeout once is not worth waiting for again.</summary>
    private static bool IsWorthRepeating(Exception fault) =>
        IsTransient(fault) && fault.InnerException is not TimeoutException;

    internal static ResiliencePipeline Retry(TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsWorthRepeating),
                MaxRetryAttempts = RetriesAtMost,
                Delay = TimeSpan.FromMilliseconds(20),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    Retrying(logger, retry.AttemptNumber + 1, retry.Outcome.Exception);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    [LoggerMessage(LogLevel.Information, "A transaction failed for a passing reason and is run again, retry {Attempt}")]
    private static partial void Retrying(ILogger logger, int attempt, Exception? fault);
}
