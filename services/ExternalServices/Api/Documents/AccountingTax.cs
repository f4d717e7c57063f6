using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Documents;

/// <summary>The tax of a document in the currency of the seller's books (BT-111), where that is another.</summary>
internal static class AccountingTax
{
    /// <param name="database">Its rates are the provider's, whoever reads the document.</param>
    /// <param name="legalEntity">Whose books they are.</param>
    /// <param name="tax">Of the document.</param>
    /// <param name="taxPoint">The rates of this day count.</param>
    /// <param name="provider">Rates are recorded in its currency.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The tax; the document's own where the currency is the same; or <c>exchange-rate-missing</c>.</returns>
    public static Task<Outcome<Money>> Of(
        Database database,
        string legalEntity,
        Money tax,
        DateOnly taxPoint,
        ProviderOptions provider,
        CancellationToken cancellationToken) =>
        database.Read(
            Tenant.Provider,
            transaction => Convert(transaction, legalEntity, tax, taxPoint, provider.Currency),
            cancellationToken);

    private static async Task<Outcome<Money>> Convert(
        Transaction transaction, string legalEntity, Money tax, DateOnly taxPoint, Currency own)
    {
        var books = Currency.Of((await transaction.Scalar<string>(SelectCurrency, new { LegalEntity = legalEntity }))!);
        if (books == tax.Currency) return tax;
        var from = await RateOf(transaction, tax.Currency, taxPoint, own);
        var to = await RateOf(transaction, books, taxPoint, own);
        if (from is null || to is null)
        {
            return Refusal.Rejected(
                "exchange-rate-missing", $"No rate from {tax.Currency} to {books} is recorded for {taxPoint:O}.");
        }

        var converted = Rational.From(tax.Amount) * Rational.From(from.Value) / Rational.From(to.Value);
        return new Money(converted.Round(books.Exponent), books);
    }

    private static async Task<decimal?> RateOf(
        Transaction transaction, Currency currency, DateOnly day, Currency own) => currency == own
            ? 1
            : await transaction.SingleOrDefault<decimal?>(SelectRate, new { Currency = currency, Day = day });

    private const string SelectCurrency = "select currency from parties.legal_entities where code = @LegalEntity";

    private const string SelectRate = """
        select rate
        from parties.exchange_rates
        where currency = @Currency and day <= @Day
        order by day desc
        limit 1
        """;
}
