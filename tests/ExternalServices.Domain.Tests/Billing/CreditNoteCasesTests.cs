using System.Text.Json;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class CreditNoteCasesTests
{
    private static readonly Cases CreditNotes = new("credit-notes");

    public static TheoryData<string> Names => CreditNotes.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Credits_as_published(string name)
    {
        var input = CreditNotes[name].GetProperty("input");
        var expected = CreditNotes[name].GetProperty("expected");
        var invoice = InvoiceOf(input);

        Assert.Equal(expected.Number("invoiceTax"), invoice.InvoiceTax);
        Assert.Equal(expected.Number("invoiceTotal"), invoice.InvoiceTotal);
        foreach (var (request, result) in input.Items("notes").Zip(expected.Items("notes")))
        {
            var credited = invoice.Credit(RequestOf(request));

            Assert.Equal(result.GetProperty("accepted").GetBoolean(), !credited.IsRefused);
            if (credited.IsRefused)
            {
                Assert.Equal(result.Text("reason"), credited.Refusal.Code);
                continue;
            }

            Check(result, credited.Value.Note);
            invoice = credited.Value.Invoice;
        }

        Assert.Equal(expected.Number("creditedTotal"), invoice.CreditedTotal);
        Assert.Equal(expected.Number("creditedTax"), invoice.CreditedTax);
        Assert.Equal(expected.Number("remaining"), invoice.Remaining);
    }

    private static void Check(JsonElement expected, CreditNote note)
    {
        Assert.Equal(expected.Number("net"), note.Net);
        Assert.Equal(expected.Number("tax"), note.Tax);
        Assert.Equal(expected.Number("total"), note.Total);
        Assert.Equal(expected.Number("dueAfter", note.DueAfter), note.DueAfter);
        Assert.Equal(expected.Number("excess", note.Excess), note.Excess);
    }

    private static InvoiceCredits InvoiceOf(JsonElement input)
    {
        var invoice = input.GetProperty("invoice");
        return InvoiceCredits.Of(
            input.Currency(),
            [.. invoice.Items("lines").Select(line => new CreditableLine(
                line.Text("id"), line.Number("net"), TaxCategory.S, line.Number("rate")))],
            invoice.Number("paid", 0));
    }

    private static CreditNoteRequest RequestOf(JsonElement note) =>
        new(
            [.. note.Items("lines").Select(line => new CreditedLine(line.Text("line"), line.Number("amount")))],
            new CreditSettlement(note.Number("refund", 0), note.Number("balance", 0), note.Number("outOfBand", 0)));
}
