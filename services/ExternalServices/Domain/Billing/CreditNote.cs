using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>An invoice line as credit notes see it.</summary>
/// <param name="Id">Unique in the invoice.</param>
/// <param name="Net">What can be credited of it at most.</param>
/// <param name="Category">Tax category of the line.</param>
/// <param name="Rate">In percent.</param>
/// <param name="Credited">What notes have credited of it.</param>
public sealed record CreditableLine(string Id, decimal Net, TaxCategory Category, decimal Rate, decimal Credited = 0)
{
    internal CreditableLine Credit(IReadOnlyList<CreditedLine> credited) =>
        this with { Credited = Credited + credited.Where(line => line.Line == Id).Sum(line => line.Amount) };
}

/// <summary>A tax group of an invoice and what notes have credited in it.</summary>
/// <param name="Category">Tax category of the group.</param>
/// <param name="Rate">In percent.</param>
/// <param name="Base">Σ net of its lines.</param>
/// <param name="Tax">round(base × rate ÷ 100).</param>
/// <param name="CreditedBase">Σ credited of its lines.</param>
/// <param name="CreditedTax">round(credited base × rate ÷ 100), whatever the notes were.</param>
public sealed record CreditedGroup(
    TaxCategory Category, decimal Rate, decimal Base, decimal Tax, decimal CreditedBase, decimal CreditedTax)
{
    /// <summary>Whether more is credited than there is, or in the other direction.</summary>
    internal bool IsExceeded => CreditedBase < decimal.Min(0, Base) || CreditedBase > decimal.Max(0, Base);

    /// <summary>What one note has credited.</summary>
    internal TaxGroup Since(CreditedGroup before) =>
        new(Category, Rate, CreditedBase - before.CreditedBase, CreditedTax - before.CreditedTax);

    internal CreditedGroup After(IReadOnlyList<CreditableLine> lines, Currency currency)
    {
        var credited = lines
            .Where(line => line.Category == Category && line.Rate == Rate)
            .Sum(line => line.Credited);
        return this with { CreditedBase = credited, CreditedTax = TaxGroup.TaxOf(credited, Rate, currency) };
    }
}

/// <summary>What somebody wants to credit of an invoice.</summary>
/// <param name="Lines">Amounts above zero per invoice line.</param>
/// <param name="Settlement">Where the excess over the amount due goes.</param>
public sealed record CreditNoteRequest(IReadOnlyList<CreditedLine> Lines, CreditSettlement Settlement);

/// <summary>An amount of one invoice line, before tax.</summary>
public sealed record CreditedLine(string Line, decimal Amount);

/// <summary>Where the part of a note goes that the customer no longer owes.</summary>
/// <param name="Refund">Paid back.</param>
/// <param name="Balance">Kept for later invoices.</param>
/// <param name="OutOfBand">Settled outside of the system.</param>
public sealed record CreditSettlement(decimal Refund = 0, decimal Balance = 0, decimal OutOfBand = 0)
{
    /// <summary>Nothing is to be settled.</summary>
    public static CreditSettlement None { get; } = new();

    internal Refusal? Check(decimal excess)
    {
        if (Refund < 0 || Balance < 0 || OutOfBand < 0)
        {
            return Refusal.Rejected("settlement-negative", "Refund, balance and out of band are not negative.");
        }

        var settled = Refund + Balance + OutOfBand;
        return settled == excess
            ? null
            : Refusal.Rejected(
                "excess-not-settled", $"The note exceeds the amount due by {excess}; {settled} is settled.");
    }
}

/// <summary>An accepted credit note.</summary>
/// <param name="Lines">Amounts per invoice line.</param>
/// <param name="Net">Σ amounts.</param>
/// <param name="Tax">Σ tax of the groups.</param>
/// <param name="Taxes">Per group: round(rate × cumulative credited) − tax already credited.</param>
/// <param name="DueAfter">What the customer owes after it.</param>
/// <param name="Excess">What exceeds the amount due before it.</param>
/// <param name="Settlement">Where the excess goes.</param>
public sealed record CreditNote(
    IReadOnlyList<CreditedLine> Lines,
    decimal Net,
    decimal Tax,
    IReadOnlyList<TaxGroup> Taxes,
    decimal DueAfter,
    decimal Excess,
    CreditSettlement Settlement)
{
    public decimal Total => Net + Tax;
}

/// <summary>A note and the invoice after it.</summary>
public sealed record CreditedInvoice(CreditNote Note, InvoiceCredits Invoice);
