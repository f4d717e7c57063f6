using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// The commitments that a bill looks at: those that fall due, and those of periods whose usage has changed since, with
/// what was billed towards them and what was trued up.
/// </summary>
internal sealed class Commitments(
    IReadOnlyList<(BilledContract Contract, ContractTerms Terms)> contracts, Period month)
{
    /// <param name="transaction">Of the bill.</param>
    /// <param name="late">What this bill rates again.</param>
    /// <param name="now">Periods that are not over by then have to wait.</param>
    /// <returns>By contract, in their order.</returns>
    public async Task<ILookup<string, DueCommitment>> Read(
        Transaction transaction, ILookup<string, LateReading> late, DateTimeOffset now)
    {
        var changed = await Changed(transaction);
        var due =
            (from each in contracts
             let days = late[each.Contract.Code].Select(reading => reading.Charge.Due.Period.Served.Start)
                 .Concat(changed[each.Contract.Code])
             from commitment in Of(each.Terms, days)
             where commitment.Period.Served.In(each.Terms.Zone).End <= now
             select commitment).ToList();
        if (due.Count == 0) return due.ToLookup(commitment => commitment.Contract, StringComparer.Ordinal);
        var billed = await Billed(transaction, due);
        return due
            .Select(commitment => Filled(commitment, billed[(commitment.Contract, commitment.Period.Full.Start)]))
            .ToLookup(commitment => commitment.Contract, StringComparer.Ordinal);
    }

    private IEnumerable<DueCommitment> Of(ContractTerms terms, IEnumerable<DateOnly> changedDays) =>
        DueCommitment.LeftBefore(month, terms)
            .Concat(DueCommitment.In(month, terms))
            .Concat(changedDays.Select(terms.Cycle.Containing)
                .OfType<BillingPeriod>()
                .Distinct()
                .SelectMany(period => DueCommitment.Of(period, terms))
                .Where(due => due.Month <= month))
            .DistinctBy(due => (due.Commitment.Code, due.Period.Served.Start));

    /// <summary>First days of what late usage has changed before, by contract.</summary>
    private async Task<ILookup<string, DateOnly>> Changed(Transaction transaction)
    {
        var committed = contracts.Where(each => each.Terms.HasCommitments).Select(each => each.Contract.Code).ToArray();
        var days = committed.Length == 0
            ? []
            : await transaction.Query<ChangedDay>(SelectChanged, new { Contracts = committed });
        return days.ToLookup(day => day.Contract, day => day.PeriodFrom, StringComparer.Ordinal);
    }

    private static async Task<ILookup<(string, DateOnly), BilledLine>> Billed(
        Transaction transaction, List<DueCommitment> due)
    {
        var lines = await transaction.Query<BilledLine>(
            SelectBilled,
            new
            {
                Contracts = due.Select(commitment => commitment.Contract).ToArray(),
                Starts = due.Select(commitment => commitment.Period.Full.Start).ToArray(),
            });
        return lines.ToLookup(line => (line.Contract, line.FullFrom));
    }

    private static DueCommitment Filled(DueCommitment due, IEnumerable<BilledLine> lines)
    {
        var trueUps = lines.Where(line => due.IsTruedUpBy(line.Kind, line.Charge)).ToList();
        return due with
        {
            BilledBefore = lines.Where(line => due.Counts(line.Kind, line.Charge)).Sum(line => line.Net),
            TruedUpBefore = trueUps.Sum(line => line.Net),
            TrueUps = trueUps.Select(line => line.Cause + 1).DefaultIfEmpty(0).Max(),
        };
    }

    private sealed record ChangedDay
    {
        public required string Contract { get; init; }

        public required DateOnly PeriodFrom { get; init; }
    }

    private sealed record BilledLine
    {
        public required string Contract { get; init; }

        public required DateOnly FullFrom { get; init; }

        public required LineKind Kind { get; init; }

        public required string Charge { get; init; }

        public required int Cause { get; init; }

        public required decimal Net { get; init; }
    }

    private const string SelectChanged = """
        select distinct contract, period_from
        from billing.invoice_lines
        where contract = any(@Contracts) and kind = 'lateUsage'
        """;

    private const string SelectBilled = """
        select line.contract, line.full_from, line.kind, line.charge, line.cause, line.net
        from (select distinct contract, start from unnest(@Contracts, @Starts) as due (contract, start)) as due
        join billing.invoice_lines line on line.contract = due.contract and line.full_from = due.start
        where line.released_at is null
        """;
}
