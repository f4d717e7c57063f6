using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Billing;

/// <summary>Reminders of what is overdue.</summary>
public static class DunningEndpoints
{
    public static void MapDunning(this IEndpointRouteBuilder routes)
    {
        var levels = routes.MapGroup("/external/v1/legal-entities/{code}/dunning-levels")
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider);
        levels.MapGet("", GetDunningLevels.Handle)
            .Describe(
                "getDunningLevels",
                "Read the dunning levels",
                "When a legal entity reminds its customers of what is overdue, and what a reminder costs.")
            .Answers<DunningSettings>();
        levels.MapPut("", SetDunningLevels.Handle)
            .Describe(
                "setDunningLevels",
                "Set the dunning levels",
                "Each level is sent so many days after the due date; its fee is charged on invoices in its currency. "
                    + "`If-Match` carries the version, 0 at first.")
            .RequireIfMatch()
            .Answers<DunningSettings>()
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        routes.MapPost("/external/v1/dunning-runs", RunDunning.Handle)
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider)
            .Describe(
                "runDunning",
                "Send reminders",
                """
                Sends for every open invoice of a legal entity the next level that is due today in the customer's zone,
                and charges its fee. An invoice that is disputed, or of which nothing is owed, is left alone. Levels
                are sent one after the other, each once.
                """)
            .RequireIdempotencyKey()
            .Answers<DunningResult>()
            .Refuses(422, "legal-entity-not-found", "There is no legal entity with this code.")
            .Refuses(422, "no-dunning-levels", "The legal entity has no dunning levels.");
        routes.MapGet("/external/v1/dunning-notices", ListDunningNotices.Handle)
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider | Callers.Customer)
            .Describe(
                "listDunningNotices",
                "List reminders",
                "In the order in which they were sent; `customer` narrows the list. A customer sees its own.")
            .Answers<Page<DunningNotice>>();
    }
}
