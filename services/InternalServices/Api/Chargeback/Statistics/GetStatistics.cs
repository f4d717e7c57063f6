using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statistics;

public static class GetStatistics
{
    public static async Task<IResult> Handle(
        string code, Period month, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant, transaction => StatisticRows.Load(transaction, code, month), cancellationToken),
            "department",
            code,
            statistics => statistics.Version);
}
