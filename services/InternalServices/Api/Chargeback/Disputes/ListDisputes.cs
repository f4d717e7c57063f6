using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>Disputes, the latest first.</summary>
public static class ListDisputes
{
    private static readonly Guid Latest = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    public static async Task<Page<Dispute>> Handle(
        Period? month,
        string? department,
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
                transaction => DisputeRows.LoadPage(
                    transaction, new DisputeFilter(month, department, statement, undecided), before, paging.Fetch),
                cancellationToken),
            dispute => $"{dispute.Id}");
    }
}

/// <summary>Which disputes are wanted; null is no matter.</summary>
/// <param name="Month">Of the disputed statement.</param>
/// <param name="Department">Who opened it.</param>
/// <param name="Statement">Id of the disputed statement.</param>
/// <param name="Undecided">Open or under review; or the others.</param>
internal sealed record DisputeFilter(Period? Month, string? Department, Guid? Statement, bool? Undecided);
