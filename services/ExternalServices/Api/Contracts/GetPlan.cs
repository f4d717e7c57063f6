using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class GetPlan
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                transaction => transaction.SingleOrDefault<Plan>(Select, new { Code = code }),
                cancellationToken),
            "plan",
            code);

    private const string Select = """
        select code, name, currency,
            (select max(version) from contracts.plan_versions v where v.plan = code and v.state = 'published')
                as published_version,
            created_at
        from contracts.plans
        where code = @Code
        """;
}
