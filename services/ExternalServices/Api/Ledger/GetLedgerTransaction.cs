using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Ledger;

public static class GetLedgerTransaction
{
    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(caller.Tenant, transaction => Read(transaction, id), cancellationToken),
            "ledger-transaction",
            $"{id}");

    internal static async Task<BookedTransaction?> Read(Transaction transaction, Guid id) =>
        (await BookedRow.WithEntries(transaction, await transaction.Query<BookedRow>(Select, new { Id = id })))
            .SingleOrDefault();

    private const string Select = """
        select id, legal_entity, customer, kind, day, description, reverses, posted_at, position
        from ledger.transactions
        where id = @Id
        """;
}
