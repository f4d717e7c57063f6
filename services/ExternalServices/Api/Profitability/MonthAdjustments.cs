using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>
/// What a month's revenue owes to documents and not to contracts: true-ups that were issued, and credit notes, unless
/// what they took back is due again. Those of before the month was frozen count; later ones count in the next month.
/// </summary>
internal static class MonthAdjustments
{
    public static async Task<IReadOnlyList<Adjustment>> Reckon(
        Transaction transaction, Period month, DateTimeOffset frozenAt)
    {
        var lines = await transaction.Query<AdjustedLine>(
            Select, new { Month = month, End = month.NextFirstDay, FrozenAt = frozenAt });
        return
        [
            .. lines.Select(line => new Adjustment(
                    line.Invoice, line.Line, line.Customer, line.Currency, line.Change.In(month, line.Before)))
                .Where(adjustment => adjustment.Amount != 0),
        ];
    }

    private sealed record AdjustedLine
    {
        public required Guid Invoice { get; init; }

        public required int Line { get; init; }

        public required string Customer { get; init; }

        public required Currency Currency { get; init; }

        public required DateOnly From { get; init; }

        public required DateOnly To { get; init; }

        public required decimal Told { get; init; }

        public required decimal Stands { get; init; }

        public required decimal Before { get; init; }

        public RevenueAdjustment Change => new(Told, Stands, new DateRange(From, To), Currency);
    }

    /// <summary>Lines of whose adjustment earlier months have not taken all into account.</summary>
    private const string Select = """
        with documents as (
            select credit.invoice, credit.line, credit.net as credited
            from billing.credit_note_lines credit
            join billing.credit_notes note on note.id = credit.credit_note and note.created_at <= @FrozenAt
            union all
            select line.invoice, line.number, 0
            from billing.invoice_lines line
            join billing.invoices invoice on invoice.id = line.invoice and invoice.finalized_at <= @FrozenAt
            where line.kind = 'trueUp'
        ), credits as (
            select invoice, line, sum(credited) as credited
            from documents
            group by invoice, line
        ), lines as (
            select line.invoice, line.number as line, line.customer, invoice.currency, line.period_from as from,
                line.period_to as to,
                case when line.kind = 'trueUp' then 0 else line.net end as told,
                case
                    when line.kind <> 'trueUp' and line.released_at is not null then line.net
                    else line.net - credits.credited
                end as stands,
                coalesce(earlier.amount, 0) as before
            from credits
            join billing.invoice_lines line on line.invoice = credits.invoice and line.number = credits.line
            join billing.invoices invoice on invoice.id = line.invoice
            left join lateral (
                select sum(adjustment.amount) as amount
                from profitability.adjustments adjustment
                where adjustment.invoice = line.invoice and adjustment.line = line.number
                    and adjustment.month < @Month) as earlier on true
            where line.period_from < @End
        )
        select invoice, line, customer, currency, "from", "to", told, stands, before
        from lines
        where stands - told <> before
        order by invoice, line
        """;
}

/// <summary>What an issued invoice line changes of a month's revenue.</summary>
/// <param name="Customer">Code of the customer.</param>
/// <param name="Currency">The invoice's.</param>
/// <param name="Amount">Negative for what was credited.</param>
internal sealed record Adjustment(Guid Invoice, int Line, string Customer, Currency Currency, decimal Amount);
