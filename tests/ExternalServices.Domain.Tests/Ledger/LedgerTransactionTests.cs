using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests.Ledger;

public sealed class LedgerTransactionTests
{
    private static readonly Currency Eur = Currency.Of("EUR");

    private static readonly LedgerFact Fact = new()
    {
        Id = Guid.Parse("0199a000-0000-7000-8000-000000000001"),
        LegalEntity = "NW",
        Customer = "ACME",
        Kind = LedgerKind.Issue,
        Day = Day("2026-11-02"),
        Description = "Invoice NW-1",
    };

    [Fact]
    public void An_invoice_is_owed_deferred_and_taxed() => Assert.Equal(
        ["Receivables 226.00", "DeferredRevenue -200.00", "Tax -21.00 S 21", "Tax -5.00 S 10"],
        Entries(Bookings.Issue(
            Fact,
            Eur,
            200.00m,
            [new(TaxCategory.S, 21, 100, 21.00m), new(TaxCategory.S, 10, 50, 5.00m), new(TaxCategory.Z, 0, 50, 0)])));

    [Fact]
    public void A_credit_lowers_what_is_due_and_gives_the_rest_to_the_balance()
    {
        var lines = new[] { new CreditableLine("1", 100.00m, TaxCategory.S, 21) };
        var note = InvoiceCredits.Of(Eur, lines, paid: 100.00m)
            .Credit(new CreditNoteRequest([new("1", 50.00m)], new CreditSettlement(Balance: 39.50m))).Value.Note;
        Assert.Equal(
            ["DeferredRevenue 50.00", "Tax 10.50 S 21", "Receivables -21.00", "CustomerBalance -39.50"],
            Entries(Bookings.Credit(Fact, Eur, note)));
    }

    [Fact]
    public void Money_passes_through_the_customers_balance()
    {
        var ten = new Money(10m, Eur);
        Assert.Equal(["Cash 10.00", "CustomerBalance -10.00"], Entries(Bookings.Payment(Fact, ten)));
        Assert.Equal(["CustomerBalance 10.00", "Receivables -10.00"], Entries(Bookings.Allocation(Fact, ten, false)));
        Assert.Equal(["CustomerBalance 10.00", "BadDebt -10.00"], Entries(Bookings.Allocation(Fact, ten, true)));
        Assert.Equal(["CustomerBalance 10.00", "Cash -10.00"], Entries(Bookings.Refund(Fact, ten)));
        Assert.Equal(["BadDebt 10.00", "Receivables -10.00"], Entries(Bookings.WriteOff(Fact, ten)));
        Assert.Equal(["Receivables 10.00", "DunningFees -10.00"], Entries(Bookings.DunningFee(Fact, ten)));
    }

    [Fact]
    public void Entries_that_do_not_balance_are_no_transaction() =>
        Assert.Throws<ArgumentException>(() => LedgerTransaction.Of(
            Fact,
            new LedgerEntry(LedgerAccount.Cash, new Money(1, Eur)),
            new LedgerEntry(LedgerAccount.Receivables, new Money(-1, Currency.Of("USD")))));

    [Fact]
    public void A_mirror_undoes_every_entry() => Gen.Decimal[-1000m, 1000m].Array[1, 8].Sample(amounts =>
    {
        var whole = Array.ConvertAll(amounts, Eur.Round);
        var taxes = whole.Select((tax, i) => new TaxGroup(TaxCategory.S, i + 1, 0, tax));
        var booked = Bookings.Issue(Fact, Eur, whole[0], taxes);
        var mirror = booked.Mirror(Guid.Parse("0199a000-0000-7000-8000-000000000002"), Day("2026-12-01"), "Back");

        Assert.Equal(booked.Id, mirror.Reverses);
        Assert.All(
            booked.Entries.Concat(mirror.Entries).GroupBy(entry => (entry.Account, entry.Detail)),
            account => Assert.Equal(0, account.Sum(entry => entry.Amount.Amount)));
    });

    private static string[] Entries(LedgerTransaction booked) =>
    [
        .. booked.Entries.Select(entry =>
            $"{entry.Account} {Eur.Format(entry.Amount.Amount)} {entry.Detail}".TrimEnd()),
    ];
}
