using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class ListContracts
{
    public static async Task<Page<Contract>> Handle(
        string? customer, Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(caller.Tenant, transaction => Read(transaction, customer, paging), cancellationToken),
            contract => contract.Code);

    private static async Task<IReadOnlyList<Contract>> Read(Transaction transaction, string? customer, Paging paging) =>
    [
        .. (await SignedContract.List(transaction, customer, paging.After, paging.Fetch))
            .Select(contract => contract.ToContract(transaction.Now)),
    ];
}
