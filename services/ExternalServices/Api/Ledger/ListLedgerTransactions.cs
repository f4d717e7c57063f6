using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Ledger;

public static class ListLedgerTransactions
{
    public static async Task<Page<BookedTransaction>> Handle(
        string? legalEntity,
        string? customer,
        string? kind,
        Paging paging,
        Caller caller,
        Database database,
        CancellationToken cancellationToken) =>
        await database.Read(
            caller.Tenant,
            async transaction =>
            {
                var rows = await transaction.Query<BookedRow>(
                    Select,
                    new { LegalEntity = legalEntity, Customer = customer, Kind = kind, paging.After, paging.Fetch });
                var page = paging.Page(rows, row => row.Position.ToString(CultureInfo.InvariantCulture));
                return new Page<BookedTransaction>(await BookedRow.WithEntries(transaction, page.Items), page.Next);
            },
            cancellationToken);

    private const string Select = """
        select id, legal_entity, customer, kind, day, description, reverses, posted_at, position
        from ledger.transactions
        where (@LegalEntity is null or legal_entity = @LegalEntity)
            and (@Customer is null or customer = @Customer)
            and (@Kind is null or kind = @Kind)
            and (@After = '' or position > nullif(@After, '')::bigint)
        order by position
        limit @Fetch
        """;
}
