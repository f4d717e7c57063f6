using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Usage;

/// <summary>The month's usage, summed by service and department.</summary>
public static class SummarizeUsage
{
    public sealed record Summary
    {
        public required string Service { get; init; }

        public required string Department { get; init; }

        /// <summary>In the service's unit.</summary>
        public required decimal Quantity { get; init; }

        /// <summary>How many records it is the sum of.</summary>
        public required long Rows { get; init; }
    }

    public static async Task<Page<Summary>> Handle(
        Period month, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var after = paging.After.Split(Separator);
        var summaries = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Summary>(
                Select, new { Month = month, Service = after[0], Department = after[^1], paging.Fetch }),
            cancellationToken);
        return paging.Page(summaries, summary => $"{summary.Service}{Separator}{summary.Department}");
    }

    /// <summary>Stands in no code.</summary>
    private const char Separator = '/';

    private const string Select = """
        select service_code as service, department_code as department, trim_scale(sum(quantity)) as quantity,
            count(*) as rows
        from chargeback.usage
        where month = @Month and (service_code, department_code) > (@Service, @Department)
        group by service_code, department_code
        order by service_code, department_code
        limit @Fetch
        """;
}
