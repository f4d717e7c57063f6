using System.Globalization;
using CsvHelper;
using ServiceMesh.Hosting.Json;

namespace InternalServices.Api.Chargeback.Statements.Printed;

/// <summary>A statement as CSV of RFC 4180: a row for each line, figures as in JSON.</summary>
internal static class StatementCsv
{
    private static readonly string[] Headings =
    [
        "statement", "month", "department", "line", "kind", "pool", "poolName", "service", "customer", "quantity",
        "totalQuantity", "share", "exact", "roundingUnits", "amount", "currency",
        "originMonths", "dispute",
    ];

    public static string Of(GetStatement.Document document)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, CultureInfo.InvariantCulture))
        {
            Write(csv, Headings);
            foreach (var line in document.Lines) Write(csv, Cells(document.Statement, line));
        }

        return text.ToString();
    }

    private static string?[] Cells(Statement statement, StatementLine line) =>
    [
        $"{statement.Id}",
        $"{statement.Month}",
        statement.Department,
        $"{line.Id}",
        line.Kind.Spelled(),
        line.Pool,
        Harmless(line.PoolName),
        line.Service,
        line.Customer,
        DecimalText.Format(line.Quantity),
        DecimalText.Format(line.TotalQuantity),
        DecimalText.Format(line.Share),
        DecimalText.Format(line.Exact),
        line.RoundingUnits.ToString(CultureInfo.InvariantCulture),
        line.Amount.Currency.Format(line.Amount.Amount),
        line.Amount.Currency.Code,
        string.Join(' ', line.OriginMonths),
        $"{line.Dispute}",
    ];

    /// <summary>A spreadsheet would carry out a name that begins like a formula.</summary>
    private static string Harmless(string name) => name[0] is '=' or '+' or '-' or '@' ? $"'{name}" : name;

    private static void Write(CsvWriter csv, IEnumerable<string?> cells)
    {
        foreach (var cell in cells) csv.WriteField(cell);
        csv.NextRecord();
    }
}
