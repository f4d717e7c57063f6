using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Pricing;

namespace ExternalServices.Domain.Contracts;

/// <summary>A part of a billing period in which one charge stands unchanged.</summary>
/// <param name="Charge">As it is agreed in these days.</param>
/// <param name="Period">Served are these days.</param>
public sealed record ChargeSpan(ContractCharge Charge, BillingPeriod Period)
{
    /// <summary>The span with the days up to another end.</summary>
    internal ChargeSpan Until(DateOnly end) =>
        this with { Period = Period with { Served = new DateRange(Period.Served.Start, end) } };
}

/// <summary>The days of a billing period in which a commitment holds.</summary>
/// <param name="Commitment">As it is agreed at the end of them.</param>
/// <param name="Period">Served are the days from the first to the last.</param>
/// <param name="Parts">How many days each amount stood.</param>
public sealed record CommitmentSpan(
    MinimumCommitment Commitment, BillingPeriod Period, IReadOnlyList<(decimal Amount, int Days)> Parts);

/// <summary>Days on which a contract prices the usage of a service.</summary>
/// <param name="Service">Code of the service.</param>
/// <param name="From">The first day.</param>
/// <param name="To">The first day on which it no longer does; null while it does.</param>
public sealed record MeteredDays(string Service, DateOnly From, DateOnly? To);

/// <summary>What a contract charges on which days, from its signature and all its changes.</summary>
public sealed class TermsTimeline(ContractTerms contract)
{
    private readonly TermsChange[] _changes = [.. contract.Changes.OrderBy(change => change.Number)];

    /// <summary>The charges and commitments in force on a day.</summary>
    public (IReadOnlyList<ContractCharge> Charges, IReadOnlyList<MinimumCommitment> Commitments) On(DateOnly day) =>
        InForce(change => change.On <= day);

    /// <summary>Everything that is charged in a billing period.</summary>
    public IEnumerable<ChargeSpan> ChargesIn(BillingPeriod period)
    {
        if (_changes.Length == 0) return contract.Charges.Select(charge => new ChargeSpan(charge, period));
        var advance =
            from days in Segments(period, change => !change.Adjusts)
            from charge in InForce(change => IsInForceAtStart(change, days.Start)).Charges
            where charge.Timing == BillingTiming.InAdvance
            select new ChargeSpan(charge, period with { Served = days });
        return advance.Concat(ArrearsIn(period));
    }

    /// <summary>The commitments of a billing period.</summary>
    public IEnumerable<CommitmentSpan> CommitmentsIn(BillingPeriod period) =>
        from held in Segments(period, _ => true).SelectMany(days =>
            On(days.Start).Commitments.Select(commitment => (Commitment: commitment, Days: days)))
        group held by held.Commitment.Code into days
        let served = new DateRange(days.First().Days.Start, days.Last().Days.End)
        select new CommitmentSpan(
            days.Last().Commitment,
            period with { Served = served },
            [
                .. days.GroupBy(day => day.Commitment.Amount, day => day.Days.Days)
                    .Select(part => (part.Key, part.Sum())),
            ]);

    /// <summary>The days for which a fee in advance that covers a day is billed.</summary>
    public DateRange BilledWith(DateOnly day) =>
        Segments((contract.Cycle with { End = null }).Containing(day)!.Value, change => !change.Adjusts)
            .Single(days => days.Contains(day));

    /// <summary>What changes add and take back of fees in advance, for the rest of their days.</summary>
    public IEnumerable<DueCharge> Adjustments() =>
        from change in _changes
        where change.Adjusts && !IsReplaced(change)
        let period = contract.Cycle.Containing(change.On)
        where period is not null
        let days = Segments(period.Value, other => !other.Adjusts).Single(days => days.Contains(change.On))
        let before = InForce(other => other.On <= change.On && other.Number < change.Number).Charges
        let billed = period.Value with { Served = days }
        let preview = ChangePreview.Of(contract, (before, change.Charges), change.On, billed)
        from due in preview.Due(contract, change, before)
        select due;

    /// <summary>The days on which usage is priced, by service.</summary>
    public IEnumerable<MeteredDays> Metered()
    {
        var starts = _changes.Select(change => change.On).Where(day => day > contract.Cycle.Start)
            .Append(contract.Cycle.Start).Distinct().Order().ToList();
        var open = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        foreach (var day in starts)
        {
            var metered = On(day).Charges.Where(charge => charge.Model.IsMetered).Select(charge => charge.Service);
            var services = metered.ToHashSet(StringComparer.Ordinal);
            foreach (var service in services) open.TryAdd(service, day);
            foreach (var (service, from) in open.Where(each => !services.Contains(each.Key)).ToList())
            {
                open.Remove(service);
                yield return new MeteredDays(service, from, day);
            }
        }

        foreach (var (service, from) in open) yield return new MeteredDays(service, from, contract.Cycle.End);
    }

    /// <summary>What is billed when its days are over; days in which a charge stays the same are one span.</summary>
    private List<ChargeSpan> ArrearsIn(BillingPeriod period)
    {
        var spans = new List<ChargeSpan>();
        foreach (var days in Segments(period, _ => true))
        {
            foreach (var charge in On(days.Start).Charges.Where(charge => charge.Timing == BillingTiming.InArrears))
            {
                var before = spans.FindIndex(span =>
                    span.Period.Served.End == days.Start && span.Charge.Equals(charge));
                if (before < 0) spans.Add(new ChargeSpan(charge, period with { Served = days }));
                else spans[before] = spans[before].Until(days.End);
            }
        }

        return spans;
    }

    private IEnumerable<DateRange> Segments(BillingPeriod period, Func<TermsChange, bool> cuts)
    {
        var start = period.Served.Start;
        foreach (var day in _changes.Where(cuts).Select(change => change.On).Distinct().Order())
        {
            if (day <= start || day >= period.Served.End) continue;
            yield return new DateRange(start, day);
            start = day;
        }

        yield return new DateRange(start, period.Served.End);
    }

    /// <summary>What adjusts a fee on the day on which it begins found it billed already.</summary>
    private static bool IsInForceAtStart(TermsChange change, DateOnly start) =>
        change.On < start || (change.On == start && !change.Adjusts);

    /// <summary>A later signature for an earlier day has taken its place.</summary>
    private bool IsReplaced(TermsChange change) =>
        Array.Exists(_changes, other => other.Number > change.Number && other.On < change.On);

    private (IReadOnlyList<ContractCharge> Charges, IReadOnlyList<MinimumCommitment> Commitments) InForce(
        Predicate<TermsChange> applies) =>
        Array.FindLast(_changes, applies) is { } change
            ? (change.Charges, change.Commitments)
            : (contract.Charges, contract.Commitments);
}
