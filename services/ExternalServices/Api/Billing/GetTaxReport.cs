using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What a legal entity has to declare for a month, in the currency of its books.</summary>
public static class GetTaxReport
{
    public static async Task<IResult> Handle(
        string legalEntity,
        Period month,
        Database database,
        ProviderOptions provider,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                Tenant.Provider,
                transaction => Report(transaction, legalEntity, month, provider.Currency),
                cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<TaxReport>> Report(
        Transaction transaction, string legalEntity, Period month, Currency own)
    {
        var code = await transaction.SingleOrDefault<string>(SelectCurrency, new { LegalEntity = legalEntity });
        if (code is null) return Refusal.NotFound("legal-entity", legalEntity);
        var books = Currency.Of(code);
        var documents = await transaction.Query<TaxedDocument>(
            SelectDocuments,
            new
            {
                LegalEntity = legalEntity,
                From = month.FirstDay,
                To = month.NextFirstDay,
                Books = books,
                Own = own,
            });
        return documents.FirstOrDefault(document => !document.IsConvertible(books, own)) is { } stranger
            ? Refusal.Rejected(
                "exchange-rate-missing",
                $"No rate from {stranger.Currency} to {books} is recorded for {stranger.TaxPoint:O}.")
            : TaxReport.Of(legalEntity, month, books, documents);
    }

    private const string SelectCurrency = "select currency from parties.legal_entities where code = @LegalEntity";

    private const string SelectDocuments = """
        select document.category, trim_scale(document.rate) as rate, document.currency, document.tax_point,
            document.base, document.tax, source.rate as source_rate, target.rate as target_rate
        from (
            select t.category, t.rate, i.currency, i.tax_point, t.base, t.tax
            from billing.invoices i
            join billing.invoice_taxes t on t.invoice = i.id
            where i.legal_entity = @LegalEntity and i.state <> 'draft' and i.tax_point >= @From and i.tax_point < @To
            union all
            select t.category, t.rate, n.currency, n.issue_date, -t.base, -t.tax
            from billing.credit_notes n
            join billing.credit_note_taxes t on t.credit_note = n.id
            where n.legal_entity = @LegalEntity and n.issue_date >= @From and n.issue_date < @To) as document
        left join lateral (
            select rate from parties.exchange_rates
            where currency = document.currency and day <= document.tax_point
            order by day desc
            limit 1) as source on document.currency <> @Own
        left join lateral (
            select rate from parties.exchange_rates
            where currency = @Books and day <= document.tax_point
            order by day desc
            limit 1) as target on @Books <> @Own
        """;
}
