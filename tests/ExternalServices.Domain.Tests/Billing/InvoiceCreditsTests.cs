using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class InvoiceCreditsTests
{
    [Fact]
    public void A_full_credit_takes_negative_lines_with_it()
    {
        var invoice = Invoice(paid: 0m, 100.00m, -20.00m);

        var (note, after) = invoice.CreditRest(CreditSettlement.None).Value;

        Assert.Equal((80.00m, 16.80m, 0m), (note.Net, note.Tax, note.DueAfter));
        Assert.Equal((0m, 0m), (after.Remaining, after.Due));
        Assert.Equal("nothing-left", after.CreditRest(CreditSettlement.None).Refusal?.Code);
    }

    [Fact]
    public void A_positive_line_cannot_be_credited_beyond_its_group() =>
        Assert.Equal("exceeds-tax-group", Code(Invoice(0m, 100.00m, -20.00m), Request(("1", 80.01m))));

    [Theory]
    [InlineData("9", "1", "line-not-found", "/lines/1/line")]
    [InlineData("1", "-1", "not-positive", "/lines/1/amount")]
    [InlineData("1", "0.005", "amount-precision", "/lines/1/amount")]
    public void A_bad_line_is_named(string line, string amount, string code, string pointer)
    {
        var refusal = Invoice(0m, 100.00m, 50.00m).Credit(Request(("2", 1m), (line, Number(amount)))).Refusal;

        Assert.Equal((code, pointer), (refusal?.Code, refusal?.Pointer));
    }

    [Fact]
    public void A_line_named_twice_counts_twice() =>
        Assert.Equal("exceeds-line", Code(Invoice(0m, 100.00m), Request(("1", 60m), ("1", 60m))));

    [Fact]
    public void A_negative_settlement_is_refused()
    {
        var request = Request(("1", 10m)) with { Settlement = new CreditSettlement(Refund: 5m, Balance: -5m) };

        Assert.Equal("settlement-negative", Code(Invoice(0m, 100.00m), request));
    }

    [Fact]
    public void A_note_first_lowers_what_is_due_and_settles_only_the_excess()
    {
        var invoice = Invoice(paid: 100.00m, 100.00m);

        var first = invoice.Credit(Request(("1", 10m))).Value;
        var second = first.Invoice.Credit(
            Request(("1", 10m)) with { Settlement = new CreditSettlement(Refund: 3.20m) }).Value;

        Assert.Equal((8.90m, 0m), (first.Note.DueAfter, first.Note.Excess));
        Assert.Equal((0m, 3.20m), (second.Note.DueAfter, second.Note.Excess));
    }

    [Fact]
    public void Any_split_of_credits_never_exceeds_the_invoice_and_the_whole_is_exact() =>
        Gen.Select(
                Gen.Int[1, 50_000].Array[1, 6],
                Gen.OneOf(0m, 4m, 7.7m, 21m, 23.33m).Array[6],
                Gen.Select(Gen.Int[0, 5], Gen.Int[1, 30_000]).Array[0, 40])
            .Sample((nets, rates, attempts) =>
            {
                var invoice = InvoiceCredits.Of(
                    Euro,
                    [.. nets.Select((net, i) => new CreditableLine($"{i}", net / 100m, TaxCategory.S, rates[i]))],
                    paid: 0);

                foreach (var (line, cents) in attempts)
                {
                    var credited = invoice.Credit(Request(($"{line}", cents / 100m)));
                    invoice = credited.IsRefused ? invoice : credited.Value.Invoice;

                    Assert.True(invoice.CreditedTotal <= invoice.InvoiceTotal);
                    Assert.Equal(invoice.InvoiceTotal - invoice.CreditedTotal, invoice.Due);
                }

                var rest = invoice.CreditRest(CreditSettlement.None);
                var last = rest.IsRefused ? invoice : rest.Value.Invoice;
                Assert.Equal(last.InvoiceTotal, last.CreditedTotal);
                Assert.Equal(last.InvoiceTax, last.CreditedTax);
            });

    private static string? Code(InvoiceCredits invoice, CreditNoteRequest request) =>
        invoice.Credit(request).Refusal?.Code;

    private static CreditNoteRequest Request(params (string Line, decimal Amount)[] lines) =>
        new([.. lines.Select(line => new CreditedLine(line.Line, line.Amount))], CreditSettlement.None);

    private static InvoiceCredits Invoice(decimal paid, params decimal[] nets) =>
        InvoiceCredits.Of(
            Euro, [.. nets.Select((net, i) => new CreditableLine($"{i + 1}", net, TaxCategory.S, 21))], paid);
}
