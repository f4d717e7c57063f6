using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Revenue;

/// <summary>A line of an issued invoice of which something is still to be recognised or taken back.</summary>
internal sealed record EarningLine
{
    public required Guid Invoice { get; init; }

    public required int Line { get; init; }

    public required string Customer { get; init; }

    public required string Service { get; init; }

    public required Currency Currency { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    /// <summary>Less what was credited.</summary>
    public required decimal Net { get; init; }

    public required decimal Recognised { get; init; }

    public RevenueSchedule Schedule => new(Net, new DateRange(From, To), Currency);

    public decimal EarnedIn(Period month) => Schedule.RecognisedIn(month, Recognised);

    /// <summary>
    /// Lines whose days have begun by the end of the month and which it has not recognised anything of, in the order
    /// of their invoices' ids.
    /// </summary>
    public static Task<IReadOnlyList<EarningLine>> Unsettled(
        Transaction transaction, string legalEntity, Period month, EarningLine? after, int size) =>
        transaction.Query<EarningLine>(
            Select,
            new
            {
                LegalEntity = legalEntity,
                Month = month,
                End = month.NextFirstDay,
                Invoice = after?.Invoice ?? Guid.Empty,
                Line = after?.Line ?? 0,
                Size = size,
            });

    /// <summary>All lines that are not settled, whenever their days are.</summary>
    public static Task<IReadOnlyList<EarningLine>> Unsettled(
        Transaction transaction, string legalEntity, EarningLine? after, int size) =>
        transaction.Query<EarningLine>(
            Select,
            new
            {
                LegalEntity = legalEntity,
                Month = (Period?)null,
                End = DateOnly.MaxValue,
                Invoice = after?.Invoice ?? Guid.Empty,
                Line = after?.Line ?? 0,
                Size = size,
            });

    private const string Select = """
        select line.invoice, line.number as line, line.customer, line.service, invoice.currency,
            line.period_from as from, line.period_to as to, line.net - coalesce(credited.net, 0) as net,
            coalesce(recognised.amount, 0) as recognised
        from billing.invoice_lines line
        join billing.invoices invoice on invoice.id = line.invoice
        left join lateral (
            select sum(credit.net) as net
            from billing.credit_note_lines credit
            where credit.invoice = line.invoice and credit.line = line.number) as credited on true
        left join lateral (
            select sum(recognition.amount) as amount, max(recognition.month) as latest
            from revenue.recognitions recognition
            where recognition.invoice = line.invoice and recognition.line = line.number) as recognised on true
        where invoice.legal_entity = @LegalEntity and invoice.state <> 'draft'
            and (line.invoice, line.number) > (@Invoice, @Line)
            and line.period_from < @End
            and line.net - coalesce(credited.net, 0) <> coalesce(recognised.amount, 0)
            and recognised.latest is distinct from @Month::date
        order by line.invoice, line.number
        limit @Size
        """;
}
