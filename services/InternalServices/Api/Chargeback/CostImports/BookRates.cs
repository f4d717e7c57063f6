using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Rates into the currency of the books; those of a currency are read when its first cost comes.</summary>
internal sealed class BookRates(Database database, Currency books, CancellationToken cancellation)
{
    private readonly Dictionary<Currency, IReadOnlyList<DatedRate>> _recorded = [];
    private readonly Dictionary<(Currency, Period), DatedRate?> _ofMonth = [];

    public Currency Books => books;

    /// <summary>Null for the books' own currency; refuses <c>rate-missing</c>.</summary>
    public async ValueTask<Outcome<DatedRate?>> Of(Currency currency, Period month)
    {
        if (currency == books) return (DatedRate?)null;
        if (!_ofMonth.TryGetValue((currency, month), out var rate))
        {
            if (!_recorded.TryGetValue(currency, out var recorded))
            {
                recorded = await database.Read(
                    Tenant.Provider,
                    transaction => transaction.Query<DatedRate>(Select, new { Currency = currency }),
                    cancellation);
                _recorded.Add(currency, recorded);
            }

            rate = DatedRate.Of(recorded, month);
            _ofMonth.Add((currency, month), rate);
        }

        return rate is null
            ? Refusal.Rejected(
                "rate-missing",
                $"No exchange rate of {currency} is recorded up to the end of {month}.",
                "/BillingCurrency")
            : rate;
    }

    private const string Select = """
        select currency, day, trim_scale(rate) as rate from chargeback.exchange_rates where currency = @Currency
        """;
}
