using InternalServices.Api.Organisation;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Statistics;

/// <summary>What is counted of departments, month by month.</summary>
public static class StatisticEndpoints
{
    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        var statistics = routes.MapGroup("/internal/v1/departments/{code}/statistics")
            .WithTags(OrganisationEndpoints.Tag)
            .Allow(Callers.Provider | Callers.Department);
        statistics.MapGet("/{month}", GetStatistics.Handle)
            .Describe(
                "getStatistics",
                "Read a department's statistics",
                "Heads, floor area and whatever else is counted of it in a month. A department sees its own.")
            .Answers<DepartmentStatistics>();
        statistics.MapPut("/{month}", ReplaceStatistics.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "replaceStatistics",
                "Replace a department's statistics",
                """
                Everything that is counted of the department in the month, as drivers of kind `headcount`, `statistic`
                and `time` share cost by it. A month without statistics is at version 0.
                """)
            .RequireIfMatch()
            .Answers<DepartmentStatistics>()
            .Refuses(409, "period-not-open", "The month is closing or closed.")
            .Refuses(422, "invalid-fields", "A code or quantity is not of the documented form, or a code comes twice.");
    }
}
