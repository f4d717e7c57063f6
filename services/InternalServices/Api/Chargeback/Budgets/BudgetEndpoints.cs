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
    }
}
