using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Revenue;

/// <summary>When invoices become revenue.</summary>
public static class RevenueEndpoints
{
    public const string Tag = "Revenue";

    public static void MapRevenue(this IEndpointRouteBuilder routes)
    {
        var revenue = routes.MapGroup("/external/v1/revenue").WithTags(Tag).Allow(Callers.Provider);
        MapRuns(revenue);
        revenue.MapGet("/schedule", ListRevenueSchedule.Handle)
            .Describe(
                "listRevenueSchedule",
                "List when invoice lines are earned",
                """
                Every line of issued invoices with the months that recognise it: those in the books, and those ahead.
                A line is earned day by day over the days that it pays for; what its months sum to is what was billed
                less what was credited. `legalEntity`, `customer`, `contract` and `invoice` narrow the list.
                """)
            .Answers<Page<ScheduledLine>>();
        revenue.MapGet("/months", ListRevenueMonths.Handle)
            .Describe(
                "listRevenueMonths",
                "List revenue by month",
                "What a legal entity's books have recognised in each month, and what its invoices will still bring.")
            .Answers<Page<RevenueMonth>>();
        revenue.MapGet("/reconciliation", ReconcileRevenue.Handle)
            .Describe(
                "reconcileRevenue",
                "Reconcile revenue with the books",
                "Billed less credited is recognised and deferred, and so say the books: every difference is 0.00.")
            .Answers<RevenueStanding>();
    }

    private static void MapRuns(RouteGroupBuilder revenue)
    {
        revenue.MapPost("/recognition-runs", RecogniseRevenue.Handle)
            .Describe(
                "recogniseRevenue",
                "Recognise a month's revenue",
                """
                Moves what the days to the end of the month have earned of every issued invoice line from deferred
                revenue to revenue, on the month's last day, for each currency one transaction of the ledger. Invoices
                that are issued after the month for days in it count, too, as long as it is the latest month: the
                command can be repeated and takes only what was not recognised in the month. Credit notes take back
                what was recognised of their lines in the next month that is recognised. Months go forwards; a month
                that was left out is caught up by the next.
                """)
            .RequireIdempotencyKey()
            .Answers<RecognitionRun>(StatusCodes.Status201Created)
            .Refuses(409, "later-month-recognised", "A later month of the legal entity is recognised already.")
            .Refuses(422, "legal-entity-not-found", "There is no legal entity with this code.")
            .Refuses(422, "month-not-over", "The month is not over in the legal entity's zone.");
        revenue.MapGet("/recognition-runs", ListRecognitionRuns.Handle)
            .Describe(
                "listRecognitionRuns",
                "List recognition runs",
                "In the order in which they were made; `legalEntity` and `month` narrow the list.")
            .Answers<Page<RecognitionRun>>();
        revenue.MapGet("/recognition-runs/{id:guid}", GetRecognitionRun.Handle)
            .Describe("getRecognitionRun", "Read a recognition run", "With what it moved in each currency.")
            .Answers<RecognitionRun>();
    }
}
