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
        paging.Page(
            await database.Read(
                caller.Tenant,
                async transaction => await BookedRow.WithEntries(
                    transaction,
                    await transaction.Query<BookedRow>(
                        Select,
                        new
                        {
                            LegalEntity = legalEntity,
                            Customer = customer,
                            Kind = kind,
                            paging.After,
                            paging.Fetch,
                        })),
                cancellationToken),
            booked => $"{booked.Id}");

    private const string Select = """
        select id, legal_entity, customer, kind, day, description, reverses, posted_at
        from ledger.transactions
        where (@LegalEntity is null or legal_entity = @LegalEntity)
            and (@Customer is null or customer = @Customer)
            and (@Kind is null or kind = @Kind)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
