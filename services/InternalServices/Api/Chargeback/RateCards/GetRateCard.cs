using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.RateCards;

public static class GetRateCard
{
    public static async Task<IResult> Handle(
        string code, long version, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant, transaction => RateCardRows.Load(transaction, code, version), cancellationToken),
            "rate-card",
            $"{code}/{version}");
}
