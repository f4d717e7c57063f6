using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Audit;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;

namespace ServiceMesh.Hosting.Operations;

/// <summary>
/// What operators see of a service's events and messages, and what they can do for those that are stuck.
/// </summary>
public static class MessagingEndpoints
{
    public const string Tag = "Operations";
    public const string TagDescription =
        "The service's events and messages: what waits, what is stuck, and sending it on.";

    /// <summary>The role of those who may replay and discard.</summary>
    public const string OperatorRole = "operator";

    private const int MaxIds = 500;

    private const string StatusDescription = """
        Events that are committed and not yet confirmed by the broker (`outboxDepth`), since when the oldest waits,
        how many are parked, and how many messages wait in each queue.
        """;

    /// <param name="app">The service.</param>
    /// <param name="side">The first part of its paths: <c>internal</c> or <c>external</c>.</param>
    public static void MapMessagingOperations(this WebApplication app, string side)
    {
        var messaging = app.MapGroup($"/{side}/v1/ops/messaging").WithTags(Tag).Allow(Callers.Provider);
        messaging.MapGet("", Status)
            .Describe("getMessagingStatus", "Read the messaging status", StatusDescription)
            .Answers<MessagingStatus>();
        MapParked(messaging.MapGroup("/parked-events"));
        MapQueues(messaging.MapGroup("/queues/{queue}"));
    }

    private static void MapParked(RouteGroupBuilder parked)
    {
        parked.MapGet("", ListParked)
            .Describe(
                "listParkedEvents",
                "List parked events",
                "The oldest events that the broker did not take after all attempts; "
                + "later ones of their aggregate wait behind.")
            .Answers<ItemsOf<ParkedEvent>>();
        parked.MapPost("/replay", ReplayParked)
            .Allow(Callers.Provider, OperatorRole)
            .Describe(
                "replayParkedEvents", "Replay parked events", "Lets these events, and those behind them, try again.")
            .Answers<Changed>();
        parked.MapPost("/discard", DiscardParked)
            .Allow(Callers.Provider, OperatorRole)
            .Describe("discardParkedEvents", "Discard parked events", "Gives these events up; those behind them go on.")
            .Answers<Changed>();
    }

    private static void MapQueues(RouteGroupBuilder queues)
    {
        queues.MapGet("/messages", ListMessages)
            .Describe(
                "listSetAsideMessages",
                "List set-aside messages",
                "The messages of an error, skipped or dead-letter queue that have waited longest. "
                + "They stay where they are.")
            .Answers<ItemsOf<SetAsideMessage>>();
        queues.MapPost("/replay", ReplayMessages)
            .Allow(Callers.Provider, OperatorRole)
            .Describe(
                "replaySetAsideMessages",
                "Replay set-aside messages",
                "Sends these messages, or the first 500 of the queue, back to their consumer; "
                + "what was applied is not applied again.")
            .Answers<Changed>();
    }

    /// <summary>Events that are meant.</summary>
    public sealed record EventIds
    {
        public required IReadOnlyList<Guid> Events { get; init; }
    }

    /// <summary>Messages that are meant.</summary>
    public sealed record MessageIds
    {
        /// <summary>All of the queue when left out.</summary>
        public IReadOnlyList<string>? Messages { get; init; }
    }

    /// <summary>How many it concerned.</summary>
    public sealed record Changed(int Count);

    /// <summary>At most 500, without a further page: what is stuck is worked off from the front.</summary>
    public sealed record ItemsOf<T>(IReadOnlyList<T> Items);

    private static async Task<IResult> Status(MessagingOperations operations, CancellationToken cancellationToken) =>
        Answer.Ok(await operations.Status(cancellationToken));

    private static async Task<IResult> ListParked(
        MessagingOperations operations, CancellationToken cancellationToken) =>
        Answer.Ok(new ItemsOf<ParkedEvent>(await operations.Parked.List(ParkedEvents.ListedAtMost, cancellationToken)));

    private static async Task<IResult> ReplayParked(
        EventIds body, MessagingOperations operations, CancellationToken cancellationToken) =>
        new Fields().Count("/events", body.Events.Count, MaxIds).Refusal is { } refusal
            ? Problem.Of(refusal)
            : Answer.Ok(new Changed(
                await operations.Parked.Replay(body.Events, Noted(body.Events), cancellationToken)));

    private static async Task<IResult> DiscardParked(
        EventIds body, MessagingOperations operations, CancellationToken cancellationToken) =>
        new Fields().Count("/events", body.Events.Count, MaxIds).Refusal is { } refusal
            ? Problem.Of(refusal)
            : Answer.Ok(new Changed(
                await operations.Parked.Discard(body.Events, Noted(body.Events), cancellationToken)));

    private static Func<Transaction, Task> Noted(IReadOnlyList<Guid> events) =>
        transaction => AuditNote.Write(transaction, "messaging.outbox", [.. events.Select(id => $"{id}")]);

    private static async Task<IResult> ListMessages(
        string queue, MessagingOperations operations, CancellationToken cancellationToken) =>
        Answer.Of(
            await operations.Queues.List(queue, SetAsideQueues.ReadAtMost, cancellationToken),
            messages => Answer.Ok(new ItemsOf<SetAsideMessage>(messages)));

    /// <summary>The broker knows no transaction of ours, so it is noted before it is done.</summary>
    private static async Task<IResult> ReplayMessages(
        string queue,
        MessageIds body,
        MessagingOperations operations,
        Database database,
        CancellationToken cancellationToken)
    {
        if (new Fields().Count("/messages", body.Messages?.Count ?? 1, MaxIds).Refusal is { } refusal)
        {
            return Problem.Of(refusal);
        }

        await database.InTransaction(
            Tenant.Provider,
            transaction => AuditNote.Write(transaction, queue, [.. body.Messages ?? []]),
            cancellationToken);
        return Answer.Of(
            await operations.Queues.Replay(queue, body.Messages, cancellationToken),
            replayed => Answer.Ok(new Changed(replayed)));
    }
}
