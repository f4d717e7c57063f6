using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>A statement with its lines.</summary>
public static class GetStatement
{
    public sealed record Document
    {
        public required Statement Statement { get; init; }

        /// <summary>By pool.</summary>
        public required IReadOnlyList<StatementLine> Lines { get; init; }
    }

    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Load(transaction, id), cancellationToken),
            "statement",
            $"{id}",
            document => document.Statement.Version);

    private static async Task<Document?> Load(Transaction transaction, Guid id)
    {
        if (await StatementRows.Load(transaction, id) is not { } statement) return null;

        var lines = await transaction.Query<Row>(SelectLines, new { Id = id });
        return new Document
        {
            Statement = statement,
            Lines = [.. lines.Select(line => line.ToLine(statement.Total.Currency))],
        };
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required LineKind Kind { get; init; }

        public required string Pool { get; init; }

        public required string PoolName { get; init; }

        public string? Service { get; init; }

        public string? Customer { get; init; }

        public required decimal Amount { get; init; }

        public required decimal Exact { get; init; }

        public required int RoundingUnits { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal TotalQuantity { get; init; }

        public required decimal Share { get; init; }

        public StatementLine ToLine(Currency currency) => new()
        {
            Id = Id,
            Kind = Kind,
            Pool = Pool,
            PoolName = PoolName,
            Service = Service,
            Customer = Customer,
            Amount = new Money(Amount, currency),
            Exact = Exact,
            RoundingUnits = RoundingUnits,
            Quantity = Quantity,
            TotalQuantity = TotalQuantity,
            Share = Share,
        };
    }

    private const string SelectLines = """
        select id, kind, pool_code as pool, pool_name, service_code as service, customer_code as customer, amount,
            trim_scale(exact) as exact, rounding_units, trim_scale(quantity) as quantity,
            trim_scale(total_quantity) as total_quantity, trim_scale(share) as share
        from chargeback.statement_lines
        where statement_id = @Id
        order by position
        """;
}
