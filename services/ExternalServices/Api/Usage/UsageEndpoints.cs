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
                `invalid-dimensions`.

                Billing goes by `at`. An event of a cost month that is closed counts in the first later month that is
                not. A customer records its own usage only.
                """)
            .TakesBatchOf<UsageEvent>();
        events.MapGet("/{customer}/{source}/{id}", GetUsageEvent.Handle)
            .Describe(
                "getUsageEvent",
                "Read a usage event and its fate",
                "Whether it is `open`, on a draft, `billed` with its invoice and line, or `late`: it arrived when its "
                    + "period had been invoiced. A customer sees its own; any other answers 404.")
            .Answers<RecordedEvent>();
    }
}
