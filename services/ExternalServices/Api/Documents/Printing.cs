using System.Globalization;
using ExternalServices.Api.Billing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace ExternalServices.Api.Documents;

/// <summary>Invoices and credit notes as they are read on paper.</summary>
internal static class Printing
{
    /// <param name="invoice">A draft, too.</param>
    /// <param name="taxInBooks">In the currency of the seller's books where that is another (article 230).</param>
    public static PrintedDocument Of(Invoice invoice, Money? taxInBooks)
    {
        var words = PrintedWords.In(invoice.Language);
        return new PrintedDocument
        {
            Language = words.Language,
            Title = invoice switch
            {
                { Number: null } => words.DraftInvoice,
                { IsDebitNote: true } => words.DebitNote,
                _ => words.Invoice,
            },
            Subtitle = invoice.Number ?? invoice.Contract,
            Issuer = invoice.Seller.Name,
            IssuedAt = invoice.FinalizedAt ?? invoice.CreatedAt,
            Parties = [Side(words.From, invoice.Seller, words), Side(words.To, invoice.Buyer, words)],
            Facts =
            [
                .. Fact(words.IssueDate, invoice.IssueDate),
                .. Fact(words.DueDate, invoice.DueDate),
                .. Fact(words.TaxPoint, invoice.TaxPoint),
                .. invoice.Adjusts.Select(adjusted => new Fact(words.OfInvoice, Value.Of(adjusted.Number))),
            ],
            Blocks =
            [
                LinesOf(invoice, words),
                TaxesOf(invoice.Taxes, invoice.Tax, words),
                TotalsOf(invoice.Net, invoice.Tax, invoice.Gross, words),
                .. NotesOf(invoice.Taxes, words, InBooks(taxInBooks, words), PayBy(invoice, words)),
            ],
        };
    }

    /// <inheritdoc cref="Of(Invoice, Money?)"/>
    public static PrintedDocument Of(CreditNote note, Money? taxInBooks)
    {
        var words = PrintedWords.In(note.Language);
        return new PrintedDocument
        {
            Language = words.Language,
            Title = words.CreditNote,
            Subtitle = note.Number,
            Issuer = note.Seller.Name,
            IssuedAt = note.CreatedAt,
            Parties = [Side(words.From, note.Seller, words), Side(words.To, note.Buyer, words)],
            Facts =
            [
                .. Fact(words.IssueDate, note.IssueDate),
                new Fact(words.OfInvoice, Value.Of(note.InvoiceNumber)),
                new Fact(words.Reason, Value.Of(note.Reason)),
            ],
            Blocks =
            [
                LinesOf(note, words),
                TaxesOf(note.Taxes, note.Tax, words),
                TotalsOf(note.Net, note.Tax, note.Gross, words),
                .. NotesOf(note.Taxes, words, InBooks(taxInBooks, words)),
            ],
        };
    }

    private static Party Side(string role, InvoiceParty party, PrintedWords words) => new(
        role,
        party.Name,
        [
            party.Address.Street,
            $"{party.Address.PostalCode} {party.Address.City}, {party.Country}",
            .. party.VatId is null ? Array.Empty<string>() : [$"{words.VatId}: {party.VatId}"],
        ]);

    private static IEnumerable<Fact> Fact(string label, DateOnly? day) =>
        day is { } value ? [new Fact(label, Value.Of(value))] : [];

    private static Block.Table LinesOf(Invoice invoice, PrintedWords words) => new(
        words.Lines,
        [
            new Column(words.Description, ColumnKind.Words, 30),
            new Column(words.Period, ColumnKind.Words, 26),
            new Column(words.Quantity, ColumnKind.Figures, 13),
            new Column(words.Price, ColumnKind.Figures, 12) { Currency = invoice.Net.Currency },
            .. RateColumn(invoice.Taxes, words),
            new Column(words.Net, ColumnKind.Figures, 14) { Currency = invoice.Net.Currency },
        ],
        [
            .. invoice.Lines.SelectMany(line => Rows(line, invoice.Taxes, words)),
            new Row(
                [
                    Value.Of(words.Total), Value.None, Value.None, Value.None,
                    .. RateColumn(invoice.Taxes, words).Select(_ => Value.None), Value.Of(invoice.Net),
                ],
                RowKind.Total),
        ]);

    /// <summary>Where there are several, each line says its own.</summary>
    private static IEnumerable<Column> RateColumn(IReadOnlyList<InvoiceTaxView> taxes, PrintedWords words) =>
        taxes.Count > 1 ? [new Column(words.Categories[TaxCategory.S], ColumnKind.Figures, 8)] : [];

    private static IEnumerable<Value> RateOf(decimal rate, IReadOnlyList<InvoiceTaxView> taxes) =>
        taxes.Count > 1 ? [Value.Percentage(rate / 100)] : [];

    /// <summary>The line, and what was taken off it.</summary>
    private static IEnumerable<Row> Rows(
        InvoiceLineView line, IReadOnlyList<InvoiceTaxView> taxes, PrintedWords words)
    {
        yield return new Row(
        [
            Value.Of(line.Description), Value.Of(Span(line.From, line.To, words)),
            Value.Of(Quantity(line, words)), Price(line, words), .. RateOf(line.TaxRate, taxes), Value.Of(line.Net),
        ]);
        foreach (var allowance in line.Allowances)
        {
            yield return new Row(
            [
                Value.Of($"– {allowance.Description}: {words.Language.Format(allowance.Amount)}"), Value.None,
                Value.None, Value.None, .. RateOf(line.TaxRate, taxes).Select(_ => Value.None), Value.None,
            ]);
        }
    }

    private static string Quantity(InvoiceLineView line, PrintedWords words)
    {
        var quantity = words.Language.Format(line.Quantity);
        var unit = string.Join(' ', line.Unit.Split(' ').Select(word => words.Units.GetValueOrDefault(word, word)));
        return unit is Domain.Billing.InvoiceLine.OneUnit ? quantity
            : char.IsAsciiDigit(unit[0]) ? $"{quantity} × {unit}"
            : $"{quantity} {unit}";
    }

    /// <summary>Prices are finer than amounts only where they have to be.</summary>
    private static Value Price(InvoiceLineView line, PrintedWords words)
    {
        var currency = line.Net.Currency;
        return line.BaseQuantity != 1
                ? Value.Of($"{words.Language.Format(line.Price)} / {words.Language.Format(line.BaseQuantity)}")
            : currency.IsWhole(line.Price) ? Value.Of(new Money(line.Price, currency))
            : Value.Of(line.Price);
    }

    private static Block.Table LinesOf(CreditNote note, PrintedWords words) => new(
        words.Lines,
        [
            new Column(words.Description, ColumnKind.Words, 45),
            new Column(words.Period, ColumnKind.Words, 35),
            .. RateColumn(note.Taxes, words),
            new Column(words.Net, ColumnKind.Figures, 20) { Currency = note.Net.Currency },
        ],
        [
            .. note.Lines.Select(line => new Row(
            [
                Value.Of(line.Description), Value.Of(Span(line.From, line.To, words)),
                .. RateOf(line.TaxRate, note.Taxes), Value.Of(line.Net),
            ])),
            new Row(
                [
                    Value.Of(words.Total), Value.None,
                    .. RateColumn(note.Taxes, words).Select(_ => Value.None), Value.Of(note.Net),
                ],
                RowKind.Total),
        ]);

    private static Block.Table TaxesOf(IReadOnlyList<InvoiceTaxView> taxes, Money total, PrintedWords words) => new(
        words.Taxes,
        [
            new Column(words.Category, ColumnKind.Words, 25),
            new Column(words.Rate, ColumnKind.Figures, 25),
            new Column(words.Base, ColumnKind.Figures, 25) { Currency = total.Currency },
            new Column(words.Tax, ColumnKind.Figures, 25) { Currency = total.Currency },
        ],
        [
            .. taxes.Select(tax => new Row(
            [
                Value.Of(words.Categories[tax.Category]), Value.Percentage(tax.Rate / 100), Value.Of(tax.Base),
                Value.Of(tax.Tax),
            ])),
            new Row([Value.Of(words.Total), Value.None, Value.None, Value.Of(total)], RowKind.Total),
        ]);

    private static Block.Table TotalsOf(Money net, Money tax, Money gross, PrintedWords words) => new(
        words.Summary,
        [
            new Column("", ColumnKind.Words, 70),
            new Column(words.Amount, ColumnKind.Figures, 30) { Currency = gross.Currency },
        ],
        [
            new Row([Value.Of(words.Net), Value.Of(net)]),
            new Row([Value.Of(words.Tax), Value.Of(tax)]),
            new Row([Value.Of(words.Total), Value.Of(gross)], RowKind.Total),
        ]);

    private static IEnumerable<Block> NotesOf(
        IReadOnlyList<InvoiceTaxView> taxes, PrintedWords words, params string?[] more)
    {
        var reasons = taxes
            .Where(tax => tax.Reason is not null)
            .Select(tax => words.Reasons.GetValueOrDefault(tax.Reason!, tax.Reason!));
        string[] notes = [.. reasons, .. more.OfType<string>()];
        return notes.Length == 0 ? [] : [new Block.Notes(words.Notes, notes)];
    }

    private static string? InBooks(Money? tax, PrintedWords words) => tax is { } stated
        ? string.Format(CultureInfo.InvariantCulture, words.TaxInBooks, words.Language.Format(stated))
        : null;

    private static string? PayBy(Invoice invoice, PrintedWords words) => invoice.DueDate is { } due
        ? string.Format(
            CultureInfo.InvariantCulture,
            words.PayBy,
            words.Language.Format(invoice.Gross),
            words.Language.Format(due))
        : null;

    /// <summary>A whole month by its name.</summary>
    private static string Span(DateOnly from, DateOnly to, PrintedWords words)
    {
        var month = Period.Of(from);
        return from == month.FirstDay && to == month.NextFirstDay
            ? words.Language.Format(month)
            : $"{words.Language.Format(from)} {words.Until} {words.Language.Format(to.AddDays(-1))}";
    }
}
