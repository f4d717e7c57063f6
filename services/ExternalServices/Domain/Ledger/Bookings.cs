using System.Globalization;
using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Ledger;

/// <summary>How each money event is booked. Revenue is deferred when invoiced and earned by recognition.</summary>
public static class Bookings
{
    public static LedgerTransaction Issue(
        LedgerFact fact, Currency currency, decimal net, IEnumerable<TaxGroup> taxes)
    {
        LedgerEntry[] owed = [.. taxes.Select(tax => Tax(tax, -tax.Tax, currency))];
        return LedgerTransaction.Of(
            fact,
            [
                new(LedgerAccount.Receivables, new Money(net, currency) - Sum(owed, currency)),
                new(LedgerAccount.DeferredRevenue, new Money(-net, currency)),
                .. owed,
            ]);
    }

    /// <summary>What exceeds the amount due goes to the customer's balance.</summary>
    public static LedgerTransaction Credit(
        LedgerFact fact, Currency currency, CreditNote note)
    {
        ArgumentNullException.ThrowIfNull(note);
        return LedgerTransaction.Of(
            fact,
            [
                new(LedgerAccount.DeferredRevenue, new Money(note.Net, currency)),
                .. note.Taxes.Select(tax => Tax(tax, tax.Tax, currency)),
                new(LedgerAccount.Receivables, new Money(note.Excess - note.Total, currency)),
                new(LedgerAccount.CustomerBalance, new Money(-note.Excess, currency)),
            ]);
    }

    /// <summary>Until it is allocated the money is the customer's.</summary>
    public static LedgerTransaction Payment(LedgerFact fact, Money amount) =>
        Move(fact, amount, LedgerAccount.CustomerBalance, LedgerAccount.Cash);

    /// <param name="fact">What is booked.</param>
    /// <param name="amount">What the invoice no longer lacks.</param>
    /// <param name="isWrittenOff">Then less is lost than was thought.</param>
    public static LedgerTransaction Allocation(LedgerFact fact, Money amount, bool isWrittenOff) =>
        Move(
            fact,
            amount,
            isWrittenOff ? LedgerAccount.BadDebt : LedgerAccount.Receivables,
            LedgerAccount.CustomerBalance);

    public static LedgerTransaction Refund(LedgerFact fact, Money amount) =>
        Move(fact, amount, LedgerAccount.Cash, LedgerAccount.CustomerBalance);

    public static LedgerTransaction WriteOff(LedgerFact fact, Money amount) =>
        Move(fact, amount, LedgerAccount.Receivables, LedgerAccount.BadDebt);

    public static LedgerTransaction DunningFee(LedgerFact fact, Money amount) =>
        Move(fact, amount, LedgerAccount.DunningFees, LedgerAccount.Receivables);

    /// <summary>A balance against what was before these books.</summary>
    public static LedgerTransaction Opening(LedgerFact fact, LedgerAccount account, Money debit) =>
        Move(fact, debit, LedgerAccount.OpeningBalance, account);

    /// <summary>Earned revenue by service; a negative amount takes back what was earned too early.</summary>
    public static LedgerTransaction Recognition(
        LedgerFact fact, Currency currency, IReadOnlyCollection<(string Service, decimal Amount)> earned)
    {
        ArgumentNullException.ThrowIfNull(earned);
        return LedgerTransaction.Of(
            fact,
            [
                new(LedgerAccount.DeferredRevenue, new Money(earned.Sum(each => each.Amount), currency)),
                .. earned.Select(each =>
                    new LedgerEntry(LedgerAccount.Revenue, new Money(-each.Amount, currency), each.Service)),
            ]);
    }

    private static LedgerEntry Tax(TaxGroup group, decimal amount, Currency currency) =>
        new(
            LedgerAccount.Tax,
            new Money(amount, currency),
            string.Create(CultureInfo.InvariantCulture, $"{group.Category} {group.Rate:0.###}"));

    private static Money Sum(IEnumerable<LedgerEntry> entries, Currency currency) =>
        entries.Aggregate(Money.Zero(currency), (sum, entry) => sum + entry.Amount);

    private static LedgerTransaction Move(LedgerFact fact, Money amount, LedgerAccount from, LedgerAccount to) =>
        LedgerTransaction.Of(fact, new LedgerEntry(to, amount), new LedgerEntry(from, -amount));
}
