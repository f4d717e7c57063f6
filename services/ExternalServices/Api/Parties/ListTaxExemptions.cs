using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

public static class ListTaxExemptions
{
    public static async Task<IResult> Handle(
        string code, Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(caller.Tenant, transaction => Read(transaction, code, paging), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<Page<TaxExemptionEntry>>> Read(
        Transaction transaction, string code, Paging paging)
    {
        if (!await transaction.Scalar<bool>(CustomerExists, new { Code = code }))
        {
            return Refusal.NotFound("customer", code);
        }

        return paging.Page(
            await transaction.Query<TaxExemptionEntry>(Select, new { Code = code, paging.After, paging.Fetch }),
            exemption => exemption.Id.ToString());
    }

    private const string CustomerExists = "select exists (select from parties.customers where code = @Code)";

    private const string Select = """
        select id, customer, reason, reason_code, valid_from as from, valid_to as to
        from parties.tax_exemptions
        where customer = @Code and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
