using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class ListTaxRates
{
    public static async Task<Page<TaxRateEntry>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => transaction.Query<TaxRateEntry>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            rate => rate.Id.ToString());

    private const string Select = """
        select id, country, category, class, trim_scale(rate) as rate, valid_from as from, valid_to as to, reason,
            reason_code
        from parties.tax_rates
        where @After = '' or id > nullif(@After, '')::uuid
        order by id
        limit @Fetch
        """;
}
