using System.Globalization;
using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Hosting;
using ServiceMesh.Primitives;
using ServiceMesh.Printing;

namespace InternalServices.Api.Chargeback.Statements.Printed;

/// <summary>A statement as it is read on paper.</summary>
internal static class PrintedStatement
{
    public static PrintedDocument Of(
        GetStatement.Document document, StatementWords words, ProviderOptions provider)
    {
        var statement = document.Statement;
        return new PrintedDocument
        {
            Language = words.Language,
            Title = words.Statement,
            Subtitle = $"{words.Language.Format(statement.Month)} · {document.DepartmentName}",
            Issuer = provider.Name,
            IssuedAt = statement.IssuedAt,
            Parties = [new Party(words.Department, document.DepartmentName, [statement.Department])],
            Facts = [.. Facts(statement, words, provider.TimeZone)],
            Blocks =
            [
                ChartOf(document, words),
                .. ComparisonOf(document, words),
                LinesOf(document, words),
                .. NotesOf(document, words, provider.TimeZone),
            ],
        };
    }

    private static IEnumerable<Fact> Facts(Statement statement, StatementWords words, TimeZoneInfo zone)
    {
        yield return new Fact(words.Month, Value.Of(statement.Month));
        yield return new Fact(words.Issued, Value.Of(LocalDay.Of(statement.IssuedAt, zone)));
        yield return new Fact(words.Total, Value.Of(statement.Total));
        yield return new Fact(words.State, Value.Of(words.Of(statement.State)));
        if (statement.Acknowledged is { } acknowledged)
        {
            yield return new Fact(words.Acknowledged, Value.Of(LocalDay.Of(acknowledged.At, zone)));
        }
    }

    private static Block.Chart ChartOf(GetStatement.Document document, StatementWords words)
    {
        var (statement, comparison) = (document.Statement, document.Comparison);
        return new Block.Chart(
            words.Chart,
            [
                new Bar(words.Language.Format(statement.Month), statement.Total),
                new Bar(words.Budget, comparison.Budget, BarTone.Reference),
                new Bar(words.Language.Format(statement.Month.Previous), comparison.LastMonth, BarTone.Reference),
            ]);
    }

    private static IEnumerable<Block> ComparisonOf(GetStatement.Document document, StatementWords words)
    {
        var (comparison, currency) = (document.Comparison, document.Statement.Total.Currency);
        Row[] rows =
        [
            .. Compared(words.Budget, comparison.Budget, comparison.OverBudget),
            .. Compared(words.LastMonth, comparison.LastMonth, comparison.OverLastMonth),
        ];
        if (rows.Length == 0) yield break;
        yield return new Block.Table(
            words.Comparison,
            [
                new Column(words.ComparedWith, ColumnKind.Words, 40),
                new Column(words.Amount, ColumnKind.Figures, 20) { Currency = currency },
                new Column(words.Difference, ColumnKind.Figures, 20) { Currency = currency },
                new Column("%", ColumnKind.Figures, 15),
            ],
            rows);
    }

    private static IEnumerable<Row> Compared(string label, Money? reference, Money? difference)
    {
        if (reference is not { } known || difference is not { } over) yield break;
        yield return new Row(
        [
            Value.Of(label),
            Value.Of(known),
            Value.Of(over),
            known.Amount == 0 ? Value.None : Value.Percentage(over.Amount / known.Amount),
        ]);
    }

    private static Block.Table LinesOf(GetStatement.Document document, StatementWords words) => new(
        words.Lines,
        [
            new Column(words.Pool, ColumnKind.Words, 32),
            new Column(words.Kind, ColumnKind.Words, 22),
            new Column(words.Quantity, ColumnKind.Figures, 12),
            new Column(words.TotalQuantity, ColumnKind.Figures, 12),
            new Column(words.Share, ColumnKind.Figures, 10),
            new Column(words.Amount, ColumnKind.Figures, 14) { Currency = document.Statement.Total.Currency },
        ],
        [
            .. document.Lines.Select(line => RowOf(line, words)),
            new Row(
                [
                    Value.Of(words.Total), Value.None, Value.None, Value.None, Value.None,
                    Value.Of(document.Statement.Total),
                ],
                RowKind.Total),
        ]);

    private static Row RowOf(StatementLine line, StatementWords words)
    {
        var byDriver = line.TotalQuantity != 0;
        return new Row(
        [
            Value.Of(NameOf(line, words)),
            Value.Of(words.Of(line.Kind)),
            byDriver ? Value.Of(line.Quantity) : Value.None,
            byDriver ? Value.Of(line.TotalQuantity) : Value.None,
            byDriver ? Value.Percentage(line.Share) : Value.None,
            Value.Of(line.Amount),
        ]);
    }

    private static string NameOf(StatementLine line, StatementWords words) =>
        line.Customer is { } customer ? $"{line.PoolName} ({customer})"
        : line.Dispute is not null ? $"{line.PoolName}, {MonthsOf(line.OriginMonths, words)}"
        : line.PoolName;

    private static IEnumerable<Block> NotesOf(
        GetStatement.Document document, StatementWords words, TimeZoneInfo zone)
    {
        string[] notes = [.. Late(document, words), .. AcknowledgedByItself(document.Statement, words, zone)];
        if (notes.Length > 0) yield return new Block.Notes(words.Notes, notes);
    }

    /// <summary>Which pools hold cost of earlier months.</summary>
    private static IEnumerable<string> Late(GetStatement.Document document, StatementWords words) =>
        from line in document.Lines
        where line.Dispute is null
        from month in line.OriginMonths
        where month != document.Statement.Month
        group month by line.PoolName into late
        select string.Format(
            CultureInfo.InvariantCulture, words.Late, late.Key, MonthsOf(late.Distinct().Order(), words));

    private static IEnumerable<string> AcknowledgedByItself(
        Statement statement, StatementWords words, TimeZoneInfo zone)
    {
        if (statement is not { State: StatementState.Issued, AcknowledgeBy: { } until }) yield break;
        var day = words.Language.Format(LocalDay.Of(until, zone));
        yield return string.Format(CultureInfo.InvariantCulture, words.AcknowledgedByItself, day);
    }

    private static string MonthsOf(IEnumerable<Period> months, StatementWords words) =>
        string.Join(", ", months.Select(words.Language.Format));
}
