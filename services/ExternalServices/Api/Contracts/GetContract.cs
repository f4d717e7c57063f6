using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

public static class GetContract
{
    public static async Task<IResult> Handle(
        string code, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(
                caller.Tenant,
                async transaction =>
                    (await transaction.SingleOrDefault<ContractRow>(Select, new { Code = code }))?.ToContract(),
                cancellationToken),
            "contract",
            code,
            contract => contract.Version);

    private const string Select = """
        select code, customer, legal_entity, plan, plan_version, currency, start_date as start, end_date as end,
            anchor_date as anchor, agreed::text as agreed, version, signed_at
        from contracts.contracts
        where code = @Code
        """;
}
