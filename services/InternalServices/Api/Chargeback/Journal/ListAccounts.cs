using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.Journal;

public static class ListAccounts
{
    private const char Separator = '/';

    public static async Task<Page<BookAccount>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken)
    {
        var after = paging.After.Split(Separator);
        return paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => AccountRows.LoadPage(transaction, after[0], after[^1], paging.Fetch),
                cancellationToken),
            account => $"{account.Kind.Spelled()}{Separator}{account.Code}");
    }
}
