using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>Records what a currency is worth from a day on; what is recorded never changes.</summary>
public static class RecordExchangeRate
{
    private const decimal HighestRate = 999_999_999_999;
    private const int Decimals = 12;

    public static Task<IResult> Handle(
        ExchangeRate body, Once once, Caller caller, ProviderOptions provider, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Record(transaction, body, provider.Currency, caller.Subject),
            rate => Answer.Created("/internal/v1/exchange-rates", rate),
            cancellationToken);

    private static async Task<Outcome<ExchangeRate>> Record(
        Transaction transaction, ExchangeRate body, Currency books, string subject)
    {
        var fields = new Fields()
            .Check("/currency", body.Currency != books, "own-currency", $"The books are kept in {books} already.")
            .Check(
                "/rate",
                body.Rate is > 0 and <= HighestRate && body.Rate.Scale <= Decimals,
                "out-of-range",
                $"A rate is above 0 and has at most {Decimals} digits before and after the point.");
        if (fields.Refusal is { } refusal) return refusal;

        var inserted = await transaction.Execute(
            Insert, new { body.Currency, body.Day, body.Rate, transaction.Now, Subject = subject });
        return inserted == 0
            ? Refusal.Conflict(
                "exchange-rate-exists", $"A rate of {body.Currency} is recorded for {body.Day:O} already.")
            : body;
    }

    private const string Insert = """
        insert into chargeback.exchange_rates (currency, day, rate, recorded_at, recorded_by)
        values (@Currency, @Day, @Rate, @Now, @Subject)
        on conflict (currency, day) do nothing
        """;
}
