using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Budgets;

/// <summary>What departments plan to bear.</summary>
public static class BudgetEndpoints
{
    public const string Tag = "Budgets";

    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        var budgets = routes.MapGroup("/internal/v1/departments/{code}/budgets")
            .WithTags(Tag)
            .Allow(Callers.Provider | Callers.Department);
        budgets.MapPost("", PlanBudget.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "planBudget",
                "Plan a budget",
                """
                An amount for each of up to 24 months from `from` on. Planning the same months again makes the next
                version; earlier ones stay as they are. A department's budgets never overlap.
                """)
            .RequireIdempotencyKey()
            .Answers<Budget>(StatusCodes.Status201Created)
            .Refuses(409, "budget-overlap", "Another budget, or this one with another end, plans some of the months.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        budgets.MapGet("", ListBudgets.Handle)
            .Describe(
                "listBudgets",
                "List budgets",
                "Each in its latest version, the latest budget first. A department sees its own.")
            .Answers<Page<Budget>>();
        budgets.MapGet("/{from}", GetBudget.Handle)
            .Describe("getBudget", "Read a budget", "Its latest version, or the one that `version` names.")
            .Answers<Budget>();
        budgets.MapGet("/{from}/versions", ListBudgetVersions.Handle)
            .Describe("listBudgetVersions", "List a budget's versions", "The latest first.")
            .Answers<Page<Budget>>();
        MapStanding(budgets);
        routes.MapGroup("/internal/v1/departments/{code}/control-limits")
            .WithTags(Tag)
            .Allow(Callers.Provider | Callers.Department)
            .MapGet("", GetControlLimits.Handle)
            .Describe(
                "getControlLimits",
                "Read a department's control limits",
                """
                Whether its months vary more than they do by themselves: mean ± 2.66 × mean moving range (XmR chart)
                over its latest closed months, 24 or as many as `months` says, at least eight.
                """)
            .Answers<GetControlLimits.Limits>();
    }

    private static void MapStanding(RouteGroupBuilder budgets)
    {
        budgets.MapGet("/{from}/variance", GetVariance.Handle)
            .Describe(
                "getBudgetVariance",
                "Read a budget's variance",
                """
                What was charged beside what was planned, month by month and to date, by the latest version or the one
                that `version` names. A month counts once its run is posted. The forecast goes on with the mean of the
                months that are charged. At exactly 100 percent a budget is used, and not exceeded.
                """)
            .Answers<GetVariance.Variance>();
        budgets.MapGet("/{from}/alerts", ListBudgetAlerts.Handle)
            .Describe(
                "listBudgetAlerts",
                "List a budget's alerts",
                """
                The latest first. Each is told once for a version of the budget, when a run is posted or the version is
                made, and published as `internal.budget-threshold-crossed`: `used` when 50, 75, 90 or 100 percent of the
                budget are reached; `exceeded`, `pace` (of the budget to date) and `forecast` beyond 100 percent.
                """)
            .Answers<Page<ListBudgetAlerts.Alert>>();
    }
}
