using System.Globalization;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>The recorded rates, by currency and day.</summary>
public static class ListExchangeRates
{
    public static async Task<Page<ExchangeRate>> Handle(
        Currency? currency, Paging paging, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<ExchangeRate>(
                    Select, new { Currency = currency, paging.After, paging.Fetch }),
                cancellationToken),
            rate => string.Create(CultureInfo.InvariantCulture, $"{rate.Currency} {rate.Day:yyyy-MM-dd}"));

    private const string Select = """
        select currency, day, trim_scale(rate) as rate
        from chargeback.exchange_rates
        where (currency || ' ' || to_char(day, 'YYYY-MM-DD')) collate "C" > @After
            and (@Currency::text is null or currency = @Currency)
        order by currency, day
        limit @Fetch
        """;
}
