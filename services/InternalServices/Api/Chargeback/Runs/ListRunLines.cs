using System.Globalization;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Who bears what of which pool, and why.</summary>
public static class ListRunLines
{
    public sealed record Line
    {
        /// <summary>Its place in the run.</summary>
        public required int Position { get; init; }

        public required string Pool { get; init; }

        public required string Department { get; init; }

        /// <summary>The external customer of a direct cost.</summary>
        public required string? Customer { get; init; }

        public required LineKind Kind { get; init; }

        public required Money Amount { get; init; }

        /// <summary>Before rounding, at fifteen decimals.</summary>
        public required decimal Exact { get; init; }

        /// <summary>Minor units that rounding added to the exact amount cut off.</summary>
        public required int RoundingUnits { get; init; }

        /// <summary>The department's own driver quantity; 0 for a direct cost.</summary>
        public required decimal Quantity { get; init; }

        /// <summary>The driver quantities of all consumers; 0 for a direct cost.</summary>
        public required decimal TotalQuantity { get; init; }

        /// <summary>Part of the pool's shared cost, 0 to 1; 1 for a direct cost.</summary>
        public required decimal Share { get; init; }
    }

    public static async Task<IResult> Handle(
        Guid id, Paging paging, Database database, CancellationToken cancellationToken)
    {
        var after = int.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? position
            : 0;
        var (run, rows) = await database.Read(
            Tenant.Provider,
            async transaction => (
                await RunRows.Load(transaction, id),
                await transaction.Query<Row>(Select, new { Id = id, After = after, paging.Fetch })),
            cancellationToken);
        return run is null
            ? Problem.Of(Refusal.NotFound("run", $"{id}"))
            : Answer.Ok(
                paging.Page([.. rows.Select(row => row.ToLine(run.PoolTotal.Currency))], line => $"{line.Position}"));
    }

    private sealed record Row
    {
        public required int Position { get; init; }

        public required string Pool { get; init; }

        public required string Department { get; init; }

        public string? Customer { get; init; }

        public required LineKind Kind { get; init; }

        public required decimal Amount { get; init; }

        public required decimal Exact { get; init; }

        public required int RoundingUnits { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal TotalQuantity { get; init; }

        public required decimal Share { get; init; }

        public Line ToLine(Currency currency) => new()
        {
            Position = Position,
            Pool = Pool,
            Department = Department,
            Customer = Customer,
            Kind = Kind,
            Amount = new Money(Amount, currency),
            Exact = Exact,
            RoundingUnits = RoundingUnits,
            Quantity = Quantity,
            TotalQuantity = TotalQuantity,
            Share = Share,
        };
    }

    private const string Select = """
        select position, pool_code as pool, department_code as department, customer_code as customer, kind, amount,
            trim_scale(exact) as exact, rounding_units, trim_scale(quantity) as quantity,
            trim_scale(total_quantity) as total_quantity, trim_scale(share) as share
        from chargeback.run_lines
        where run_id = @Id and position > @After
        order by position
        limit @Fetch
        """;
}
