using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Usage;

/// <summary>What customers used.</summary>
public static class UsageEndpoints
{
    public const string Tag = "Usage";

    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/external/v1/usage-events").WithTags(Tag)
            .Allow(Callers.Provider | Callers.Customer);
        events.MapPost("/batch", RecordUsage.Handle)
            .Describe(
                "recordUsage",
                "Record usage in bulk",
                """
                Takes up to 10,000 events and answers each of them, in their order, after all that was accepted is
                committed. An event is unique by customer, source and id for ever, so a batch may be repeated:
                `duplicate` is recorded before with the same content, `conflict` with other content. `rejected` names
                its reason: `customer-not-found`, `service-not-found`, `invalid-key`, `invalid-instant`,
                `in-the-future`, `too-long-ago`, `invalid-quantity`, `negative-quantity`, `quantity-out-of-range`,
                `invalid-dimensions`, `period-billed` (where a contract refuses late usage).

                Billing goes by `at`. An event of a cost month that is closed counts in the first later month that is
                not. A customer records its own usage only.
                """)
            .TakesBatchOf<UsageEvent>();
        events.MapGet("/{customer}/{source}/{id}", GetUsageEvent.Handle)
            .Describe(
                "getUsageEvent",
                "Read a usage event and its fate",
                "Whether it is `open`, on a draft, `billed` with its invoice and line, or `late`: it arrived when its "
                    + "period had been invoiced, until it is `adjusted` by a line of a later invoice. A `void` event "
                    + "says why, and what stands instead. A customer sees its own; any other answers 404.")
            .Answers<RecordedEvent>();
        MapCorrections(events);
    }

    private static void MapCorrections(RouteGroupBuilder events)
    {
        const string Effect =
            " What was billed stays; what the period costs now, less what was billed for it, is a line of the next "
            + "invoice, as the contract agrees for late usage. A closed cost month is not opened: the cost of the "
            + "earliest open one has the difference.";
        Corrects(events.MapPost("/{customer}/{source}/{id}/void", VoidUsageEvent.Handle)
            .Describe("voidUsageEvent", "Void a usage event", "Takes it out for ever, with a reason." + Effect));
        Corrects(events.MapPost("/{customer}/{source}/{id}/replace", ReplaceUsageEvent.Handle)
                .Describe(
                    "replaceUsageEvent",
                    "Replace a usage event",
                    "Takes it out for ever and records another in its place, under a key of its own." + Effect))
            .Refuses(409, "usage-event-exists", "The key of the replacement is taken.")
            .Refuses(422, "service-not-found", "The replacement's service is not offered to customers.")
            .Refuses(422, "invalid-quantity", "The replacement breaks a rule of usage events; they all answer so.");
    }

    private static RouteHandlerBuilder Corrects(RouteHandlerBuilder operation) => operation
        .Allow(Callers.Provider)
        .RequireIdempotencyKey()
        .Answers<RecordedEvent>()
        .Refuses(409, "usage-event-void", "It is void already.")
        .Refuses(409, "period-billed", "Its period is billed and the contract refuses late usage.")
        .Refuses(422, "invalid-fields", "The reason is not of the documented form.");
}
