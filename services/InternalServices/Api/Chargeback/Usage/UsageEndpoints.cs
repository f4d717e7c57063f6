using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Usage;

/// <summary>What departments use of services.</summary>
public static class UsageEndpoints
{
    public const string Tag = "Usage";

    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        var usage = routes.MapGroup("/internal/v1/usage").WithTags(Tag).Allow(Callers.Provider | Callers.Department);
        usage.MapPost("/batch", RecordUsage.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "recordUsage",
                "Record usage",
                """
                Up to 10,000 records, once per `source` and `id`: the same content again is a `duplicate`, other content
                a `conflict`. The month is that of `at` in the provider's zone; usage of a month that is closing or
                closed lands in the earliest open one and keeps its month of origin. Items are rejected one by one with
                `invalid-source`, `invalid-id`, `department-not-found`, `service-not-found`, `invalid-instant`,
                `ahead-of-time`, `invalid-quantity` or `negative-quantity`.
                """)
            .TakesBatchOf<RecordUsage.Item>();
        usage.MapGet("", SummarizeUsage.Handle)
            .Describe(
                "summarizeUsage",
                "Read the month's usage",
                "Sums by service and department of what stands in the books of one month. A department sees its own.")
            .Answers<Page<SummarizeUsage.Summary>>();
    }
}
