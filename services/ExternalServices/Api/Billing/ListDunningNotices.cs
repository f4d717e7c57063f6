using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>A reminder of an overdue invoice.</summary>
public sealed record DunningNotice
{
    public required Guid Id { get; init; }

    public required Guid Invoice { get; init; }

    public required string InvoiceNumber { get; init; }

    public required string Customer { get; init; }

    /// <summary>From 1.</summary>
    public required int Level { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>What was owed then, with the fee.</summary>
    public required Money Due { get; init; }

    public required Money Fee { get; init; }
}

public static class ListDunningNotices
{
    public static async Task<Page<DunningNotice>> Handle(
        string? customer, Paging paging, Caller caller, Database database, CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Row>(Select, new { Customer = customer, paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToNotice())], notice => $"{notice.Id}");
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required Guid Invoice { get; init; }

        public required string InvoiceNumber { get; init; }

        public required string Customer { get; init; }

        public required int Level { get; init; }

        public required DateOnly Day { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Due { get; init; }

        public required decimal Fee { get; init; }

        public DunningNotice ToNotice() => new()
        {
            Id = Id,
            Invoice = Invoice,
            InvoiceNumber = InvoiceNumber,
            Customer = Customer,
            Level = Level,
            Day = Day,
            Due = new Money(Due, Currency),
            Fee = new Money(Fee, Currency),
        };
    }

    private const string Select = """
        select n.id, n.invoice, i.number as invoice_number, n.customer, n.level, n.day, n.currency, n.due, n.fee
        from billing.dunning_notices n
        join billing.invoices i on i.id = n.invoice
        where (@Customer is null or n.customer = @Customer)
            and (@After = '' or n.id > nullif(@After, '')::uuid)
        order by n.id
        limit @Fetch
        """;
}
