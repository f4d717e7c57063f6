using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>What billing months of a contract come to by its terms, before tax, billed or not.</summary>
/// <param name="Terms">Those that hold, or others that are tried.</param>
/// <param name="First">The first month.</param>
/// <param name="Last">The last month; it is over.</param>
public sealed record RatedMonths(ContractTerms Terms, Period First, Period Last)
{
    /// <summary>A net does not depend on it.</summary>
    private static readonly TaxTreatment AnyTax = new(TaxCategory.S, 0);

    /// <summary>
    /// What falls due in the months, and what fell due before and counts towards a commitment; the usage is to be
    /// filled in.
    /// </summary>
    public IEnumerable<DueCharge> Charges() =>
        Periods.SelectMany(period => DueCharge.Of(period, Terms)).Where(due => due.Month <= Last);

    /// <summary>The sum of all lines of the months.</summary>
    /// <param name="charges">Those of <see cref="Charges"/> with their usage.</param>
    /// <returns>The sum, or why a charge cannot be rated.</returns>
    public Outcome<decimal> Net(IReadOnlyList<DueCharge> charges)
    {
        var before = charges.Where(due => due.Month < First).ToList();
        var within = charges.Where(due => due.Month >= First).ToList();
        return InvoiceDraft.Of(Terms.Currency, before, AnyTax)
            .Then(earlier => InvoiceDraft.Of(Terms.Currency, within, AnyTax, [.. Commitments(earlier.Lines)]))
            .Then<decimal>(rated => rated.Totals.NetTotal);
    }

    private IEnumerable<BillingPeriod> Periods =>
        Terms.Cycle.Overlapping(new DateRange(First.FirstDay, Last.NextFirstDay));

    private IEnumerable<DueCommitment> Commitments(IReadOnlyList<InvoiceLine> earlier) =>
        from period in Periods
        from due in DueCommitment.Of(period, Terms)
        where due.Month >= First && due.Month <= Last
        select due with
        {
            BilledBefore = earlier
                .Where(line => line.Period.Full == due.Period.Full && due.Counts(line.Kind, line.Charge))
                .Sum(line => line.Net),
        };
}
