using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace Printing.Tests;

/// <summary>A document with everything that one can have.</summary>
internal static class Sample
{
    public static readonly Currency Usd = Currency.Of("USD");

    public static PrintedDocument In(PrintLanguage language, int rows = 3) => new()
    {
        Language = language,
        Title = "Statement",
        Subtitle = "SALES & <marketing>",
        Issuer = "Northwind IT Services",
        IssuedAt = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero),
        Parties = [new Party("To", "Señora Núñez", ["Calle Mayor 1", "28013 Madrid"]), new Party("From", "Ops", [])],
        Facts =
        [
            new Fact("Month", Value.Of(new Period(2026, 10))),
            new Fact("Issued", Value.Of(new DateOnly(2026, 11, 2))),
            new Fact("Total", Value.Of(new Money(-1234567.5m, Usd))),
        ],
        Blocks = [Table(rows), Chart(), new Block.Notes("Notes", ["Paid by nobody: it is internal."])],
    };

    private static Block.Table Table(int rows) => new(
        "Lines",
        [
            new Column("Pool", ColumnKind.Words, 4),
            new Column("Share", ColumnKind.Figures, 2),
            new Column("Quantity", ColumnKind.Figures, 2),
            new Column("Amount", ColumnKind.Figures, 2) { Currency = Usd },
        ],
        [
            .. Enumerable.Range(1, rows).Select(row => new Row(
            [
                Value.Of($"Pool number {row}"),
                Value.Percentage(1m / 3),
                Value.Of(1234.500m),
                Value.Of(new Money(1000.10m * row, Usd)),
            ])),
            new Row([Value.Of("Total"), Value.None, Value.None, Value.Of(new Money(6000.60m, Usd))], RowKind.Total),
        ]);

    private static Block.Chart Chart() => new(
        "Charge and budget",
        [
            new Bar("This month", new Money(6000.60m, Usd)),
            new Bar("Budget", new Money(5000m, Usd), BarTone.Reference),
            new Bar("Last month", null, BarTone.Reference),
        ]);
}
