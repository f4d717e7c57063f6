using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Allocation runs.</summary>
public static class RunEndpoints
{
    public const string Tag = "Runs";

    public static void MapRuns(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/internal/v1/runs").WithTags(Tag).Allow(Callers.Provider);
        MapCalculation(runs);
        MapStates(runs);
    }

    private static void MapCalculation(RouteGroupBuilder runs)
    {
        runs.MapPost("", CalculateRun.Handle)
            .Describe(
                "calculateRun",
                "Calculate a run",
                """
                Distributes the month's pools to the departments by a rule set. The exact total is rounded once; each
                pool is cut off towards −∞ and the missing cents go to the largest fractions; within a pool likewise.
                The same inputs give the same run (200 instead of 201). Nothing is charged until the run is posted.
                """)
            .RequireIdempotencyKey()
            .Answers<Run>(StatusCodes.Status201Created)
            .Answers<Run>()
            .Refuses(422, "rule-set-not-found", "There is no rule set, or not this version.")
            .Refuses(
                422, "rule-missing", "The rule set says nothing about a pool with cost to share; `errors` names it.")
            .Refuses(422, "rate-card-missing", "A service is charged by price and has none for the month.")
            .Refuses(422, "rate-card-driver", "The pool of a priced service is not driven by its usage.")
            .Refuses(422, "rate-card-ambiguous", "A priced service has more than one pool in the month.")
            .Refuses(422, "driver-missing", "A pool's driver has no quantity for any consumer.")
            .Refuses(422, "driver-zero", "All quantities of a pool's driver are zero, and its rule says `refuse`.")
            .Refuses(422, "no-final-consumer", "A pool's cost reaches no department.")
            .Refuses(422, "capacity-diverges", "Pools beyond their capacity charge each other more than they cost.")
            .Refuses(422, "amount-out-of-range", "A pool's cost reaches 10^13.")
            .Refuses(422, "quantity-out-of-range", "A driver quantity reaches 10^13.");
        runs.MapPost("/preview", PreviewRun.Handle)
            .Describe(
                "previewRun",
                "Preview a run",
                """
                What another method or other rules would make of a month, with the difference for each department.
                Nothing is stored. The baseline is the posted run, or the latest rule set where none is posted.
                """)
            .Answers<PreviewRun.Preview>()
            .Refuses(422, "rule-set-not-found", "There is no rule set, or not this version.")
            .Refuses(422, "invalid-fields", "A rule does not fit its driver, or names what is not there.")
            .Refuses(422, "rule-missing", "The rules say nothing about a pool with cost to share.")
            .Refuses(422, "driver-zero", "All quantities of a pool's driver are zero, and its rule says `refuse`.")
            .Refuses(422, "no-final-consumer", "A pool's cost reaches no department.");
        runs.MapGet("", ListRuns.Handle)
            .Describe("listRuns", "List runs", "The latest first; of one month when `month` is given.")
            .Answers<Page<Run>>();
        runs.MapGet("/{id:guid}", GetRun.Handle)
            .Describe("getRun", "Read a run", "Totals and state of one run.")
            .Answers<Run>();
        runs.MapGet("/{id:guid}/lines", ListRunLines.Handle)
            .Describe(
                "listRunLines",
                "List a run's lines",
                "Who bears what of which pool, with quantity, share and rounding.")
            .Answers<Page<ListRunLines.Line>>();
        runs.MapGet("/{id:guid}/flows", ListRunFlows.Handle)
            .Describe(
                "listRunFlows",
                "List a run's flows",
                "Where each pool's cost went in one step, pools that use other pools included.")
            .Answers<Page<ListRunFlows.Flow>>();
        runs.MapGet("/{id:guid}/certificate", GetCertificate.Handle)
            .Describe(
                "getRunCertificate",
                "Read a run's certificate",
                """
                States that the pools' total is departments + external share + unallocated, with row counts, hash and
                versions.
                """)
            .Answers<GetCertificate.Certificate>();
    }

    private static void MapStates(RouteGroupBuilder runs)
    {
        runs.MapPost("/{id:guid}/post", PostRun.Handle)
            .Describe(
                "postRun",
                "Post a run",
                """
                Issues the statements, writes the journal and publishes `internal.unit-costs-published` and
                `internal.statement-issued`. A month close posts by itself; this is for a close that was blocked.
                """)
            .RequireIdempotencyKey()
            .Answers<Run>()
            .Refuses(409, "run-not-calculated", "It is posted or discarded.")
            .Refuses(409, "inputs-changed", "What it was calculated from has changed since.")
            .Refuses(409, "period-not-closing", "The month is open or closed.")
            .Refuses(409, "external-usage-missing", "The external side has not finalized the month's usage yet.")
            .Refuses(409, "month-posted", "Another run of the month is posted; reverse it first.");
        runs.MapPost("/{id:guid}/reverse", ReverseRun.Handle)
            .Describe(
                "reverseRun",
                "Reverse a posted run",
                """
                Mirrors its journal and marks its statements reversed; nothing that was posted is changed. Disputes
                about them that wait are withdrawn, and what was granted is mirrored too. Afterwards another run of the
                month can be posted, by hand or by closing the month again.
                """)
            .RequireIdempotencyKey()
            .Answers<Run>()
            .Refuses(409, "run-not-posted", "It is calculated, discarded or reversed.")
            .Refuses(409, "period-closed", "The month is closed.")
            .Refuses(422, "invalid-fields", "The reason is not of the documented form.");
        runs.MapPost("/{id:guid}/discard", DiscardRun.Handle)
            .Describe("discardRun", "Discard a run", "Puts a calculated run aside; it is kept.")
            .Answers<Run>()
            .Refuses(409, "run-not-calculated", "It is posted or discarded.");
    }
}
