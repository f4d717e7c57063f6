using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Journal;

public static class GetAccount
{
    public static async Task<IResult> Handle(
        string kind, string code, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            BookAccount.KindOf(kind) is { } known
                ? await database.Read(
                    Tenant.Provider, transaction => AccountRows.Load(transaction, known, code), cancellationToken)
                : null,
            "journal-account",
            $"{kind}/{code}",
            account => account.Version);
}
