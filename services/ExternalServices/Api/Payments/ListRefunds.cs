using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

public static class ListRefunds
{
    public static async Task<Page<Refund>> Handle(
        string? customer, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Row>(Select, new { Customer = customer, paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToRefund())], refund => $"{refund.Id}");
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string Customer { get; init; }

        public required string LegalEntity { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Amount { get; init; }

        public required DateOnly Day { get; init; }

        public required string Reference { get; init; }

        public required DateTimeOffset RecordedAt { get; init; }

        public Refund ToRefund() => new()
        {
            Id = Id,
            Customer = Customer,
            LegalEntity = LegalEntity,
            Amount = new Money(Amount, Currency),
            Day = Day,
            Reference = Reference,
            RecordedAt = RecordedAt,
        };
    }

    private const string Select = """
        select id, customer, legal_entity, currency, amount, day, reference, recorded_at
        from payments.refunds
        where (@Customer is null or customer = @Customer)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
