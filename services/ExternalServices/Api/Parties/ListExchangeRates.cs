using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

public static class ListExchangeRates
{
    public static async Task<Page<ExchangeRate>> Handle(
        Paging paging, Caller caller, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                caller.Tenant,
                transaction => transaction.Query<ExchangeRate>(Select, new { paging.After, paging.Fetch }),
                cancellationToken),
            rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Currency} {rate.Day:yyyy-MM-dd}"));

    private const string Select = """
        select currency, day, trim_scale(rate) as rate
        from parties.exchange_rates
        where currency || ' ' || to_char(day, 'YYYY-MM-DD') > @After
        order by currency, day
        limit @Fetch
        """;
}
