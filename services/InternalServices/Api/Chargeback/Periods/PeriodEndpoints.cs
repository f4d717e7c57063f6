using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>Cost months and their close.</summary>
public static class PeriodEndpoints
{
    public const string Tag = "Periods";

    public static void MapPeriods(this IEndpointRouteBuilder routes)
    {
        var periods = routes.MapGroup("/internal/v1/periods").WithTags(Tag).Allow(Callers.Provider);
        periods.MapGet("", ListPeriods.Handle)
            .Describe(
                "listPeriods",
                "List cost months",
                "The months that costs, usage, runs or a close have concerned, the latest first.")
            .Answers<Page<CostPeriod>>();
        periods.MapGet("/{month}", GetPeriod.Handle)
            .Describe(
                "getPeriod",
                "Read a cost month",
                "Its state, whom its close waits for, and what blocks it. A month that nothing concerns yet is open.")
            .Answers<CostPeriod>();
        periods.MapPost("/{month}/close", ClosePeriod.Handle)
            .Describe(
                "closePeriod",
                "Close a cost month",
                """
                Starts the close on both sides: usage is finalized, the month allocated and posted by the latest rule
                set, cost to serve reckoned and compared, and then the month is closed. It goes on by itself; the month
                tells whom it waits for (`waitingFor`) or what blocks it (`blockedBy`). Calling it again while the month
                is closing takes it up where it stands. From now on costs and usage of the month are late and land in
                the next open one.
                """)
            .Answers<CostPeriod>(StatusCodes.Status202Accepted)
            .Refuses(409, "period-closed", "The month is closed.")
            .Refuses(
                409, "earlier-period-not-closed", "An earlier month with costs is not closed; months close in order.")
            .Refuses(422, "period-not-ended", "The month has not ended in the provider's zone.");
        periods.MapPost("/{month}/reopen", ReopenPeriod.Handle)
            .Allow(Callers.Provider, ReopenPeriod.Role)
            .Describe(
                "reopenPeriod",
                "Open a closed month again",
                """
                Only the latest closed month, with a reason. It takes costs and usage again; its posted run stands until
                the month is closed again, and then as long as its inputs do: otherwise it is reversed and a new run
                posted. Publishes `internal.cost-period-reopened`.
                """)
            .Answers<CostPeriod>()
            .Refuses(409, "period-not-closed", "The month is not closed.")
            .Refuses(409, "later-period-closed", "A later month is closing or closed.")
            .Refuses(422, "invalid-fields", "The reason is not of the documented form.");
        routes.MapGroup("/internal/v1/reconciliation").WithTags(Tag).Allow(Callers.Provider)
            .MapGet("/{month}", ReconcileMonth.Handle)
            .Describe(
                "reconcileMonth",
                "Reconcile a month",
                "What must be equal, line by line, with differences that must be zero. Without a posted run no lines.")
            .Answers<ReconcileMonth.Reconciliation>();
    }
}
