using InternalServices.Api.Chargeback.Statements.Printed;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>A statement with its lines, in the form that the caller asks for.</summary>
public static class GetStatement
{
    public sealed record Document
    {
        public required Statement Statement { get; init; }

        public required string DepartmentName { get; init; }

        public required Comparison Comparison { get; init; }

        /// <summary>By pool; then what disputes moved.</summary>
        public required IReadOnlyList<StatementLine> Lines { get; init; }
    }

    public static async Task<IResult> Handle(
        Guid id,
        HttpRequest request,
        Caller caller,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken)
    {
        if (Forms.Choose(request, StatementForms.Offered) is not { } form)
        {
            return Forms.NotAcceptable(StatementForms.Offered);
        }

        var document = await database.Read(caller.Tenant, transaction => Load(transaction, id), cancellationToken);
        return document is null
            ? Problem.Of(Refusal.NotFound("statement", $"{id}"))
            : StatementForms.Give(form, document, PrintLanguage.Of(request.Headers.AcceptLanguage), provider);
    }

    private static async Task<Document?> Load(Transaction transaction, Guid id)
    {
        if (await StatementRows.Load(transaction, id) is not { } statement) return null;

        var currency = statement.Total.Currency;
        var lines = await transaction.Query<Row>(SelectLines, new { Id = id });
        return new Document
        {
            Statement = statement,
            DepartmentName = (await transaction.Scalar<string>(SelectName, new { statement.Department }))!,
            Comparison = await Comparison.Load(transaction, statement),
            Lines = [.. lines.Select(line => line.ToLine(currency))],
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

        public required Period[] OriginMonths { get; init; }

        public Guid? Dispute { get; init; }

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
            OriginMonths = OriginMonths,
            Dispute = Dispute,
        };
    }

    private const string SelectName = "select name from organisation.departments where code = @Department";

    private const string SelectLines = """
        select id, kind, pool_code as pool, pool_name, service_code as service, customer_code as customer, amount,
            trim_scale(exact) as exact, rounding_units, trim_scale(quantity) as quantity,
            trim_scale(total_quantity) as total_quantity, trim_scale(share) as share, origin_months,
            dispute_id as dispute
        from chargeback.statement_lines
        where statement_id = @Id
        order by position
        """;
}
