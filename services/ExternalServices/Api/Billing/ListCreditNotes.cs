using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

public static class ListCreditNotes
{
    public static async Task<Page<CreditNoteSummary>> Handle(
        string? customer,
        Guid? invoice,
        Paging paging,
        Caller caller,
        Database database,
        CancellationToken cancellationToken)
    {
        var rows = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<Row>(
                Select, new { Customer = customer, Invoice = invoice, paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. rows.Select(row => row.ToSummary())], note => $"{note.Id}");
    }

    private sealed record Row
    {
        public required Guid Id { get; init; }

        public required string Number { get; init; }

        public required Guid Invoice { get; init; }

        public required string Customer { get; init; }

        public required string LegalEntity { get; init; }

        public required DateOnly IssueDate { get; init; }

        public required Currency Currency { get; init; }

        public required decimal Gross { get; init; }

        public CreditNoteSummary ToSummary() => new()
        {
            Id = Id,
            Number = Number,
            Invoice = Invoice,
            Customer = Customer,
            LegalEntity = LegalEntity,
            IssueDate = IssueDate,
            Gross = new Money(Gross, Currency),
        };
    }

    private const string Select = """
        select id, number, invoice, customer, legal_entity, issue_date, currency, gross
        from billing.credit_notes
        where (@Customer is null or customer = @Customer)
            and (@Invoice is null or invoice = @Invoice)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
