using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>Disputes, the latest first.</summary>
public static class ListDisputes
{
    private static readonly Guid Latest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public static async Task<Page<Dispute>> Handle(
        Guid? statement,
        bool? undecided,
        Paging paging,
        Caller caller,
        Database database,
        CancellationToken cancellationToken)
    {
        var before = Guid.TryParse(paging.After, out var id) ? id : Latest;
        return paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => DisputeRows.LoadPage(transaction, statement, undecided, before, paging.Fetch),
                cancellationToken),
            dispute => $"{dispute.Id}");
    }
}
