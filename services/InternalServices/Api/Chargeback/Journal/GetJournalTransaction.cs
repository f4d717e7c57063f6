using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Journal;

public static class GetJournalTransaction
{
    public static async Task<IResult> Handle(Guid id, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                Tenant.Provider, transaction => JournalTransaction.Load(transaction, id), cancellationToken),
            "journal-transaction",
            $"{id}");
}
