using System.Globalization;
using InternalServices.Domain.Chargeback;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Where each pool's cost went in one step, before the method followed it through other pools.</summary>
public static class ListRunFlows
{
    public sealed record Flow
    {
        /// <summary>Its place in the run.</summary>
        public required int Position { get; init; }

        public required string Pool { get; init; }

        public required ConsumerKind ConsumerKind { get; init; }

        /// <summary>Code of the department or pool; of its owner for capacity that nobody used.</summary>
        public required string Consumer { get; init; }

        /// <summary>What it used, or what was left unused; negative for use beyond capacity.</summary>
        public required decimal Quantity { get; init; }

        /// <summary>Of all consumers that count, or the practical capacity.</summary>
        public required decimal TotalQuantity { get; init; }

        /// <summary>Whether the quantity is unused capacity rather than use.</summary>
        public required bool IsCapacity { get; init; }
    }

    public static async Task<IResult> Handle(
        Guid id, Paging paging, Database database, CancellationToken cancellationToken)
    {
        var after = int.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;
        var (known, flows) = await database.Read(
            Tenant.Provider,
            async transaction => (
                await transaction.Scalar<bool>(RunExists, new { Id = id }),
                await transaction.Query<Flow>(Select, new { Id = id, After = after, paging.Fetch })),
            cancellationToken);
        return known
            ? Answer.Ok(paging.Page(flows, flow => $"{flow.Position}"))
            : Problem.Of(Refusal.NotFound("run", $"{id}"));
    }

    private const string RunExists = "select exists (select from chargeback.runs where id = @Id)";

    private const string Select = """
        select position, pool_code as pool, coalesce(department_code, consumer_pool_code) as consumer,
            case when department_code is null then 'pool' else 'department' end as consumer_kind,
            trim_scale(quantity) as quantity, trim_scale(total_quantity) as total_quantity, is_capacity
        from chargeback.run_flows
        where run_id = @Id and position > @After
        order by position
        limit @Fetch
        """;
}
