using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

public static class GetPeriod
{
    public static async Task<IResult> Handle(Period month, Database database, CancellationToken cancellationToken)
    {
        var period = await database.Read(
            Tenant.Provider, transaction => PeriodView.Load(transaction, month), cancellationToken);
        return Answer.Ok(period) with { Version = period.Version };
    }
}
