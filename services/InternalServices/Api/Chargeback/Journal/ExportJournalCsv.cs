using System.Globalization;
using System.Text;
using CsvHelper;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The journal as a table that accounting systems take in, with their own names for our accounts.</summary>
public static class ExportJournalCsv
{
    private static readonly string[] Header =
    [
        "Month", "PostedAt", "TransactionId", "Kind", "RunId", "Reverses", "Position", "AccountKind", "AccountCode",
        "ErpAccount", "ErpCostCenter", "Debit", "Credit", "Currency",
    ];

    public static FileAnswer Handle(Period? from, Period? to, Database database) => new(
        Forms.Csv,
        "journal.csv",
        (output, cancellation) => Write(output, MonthSpan.Of(from, to), database, cancellation));

    private static async Task Write(
        Stream output, MonthSpan span, Database database, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await using var csv = new CsvWriter(writer, CultureInfo.InvariantCulture);
        foreach (var column in Header) csv.WriteField(column);
        await csv.NextRecordAsync();
        await foreach (var chunk in BookedEntry.Chunks(database, span, cancellationToken))
        {
            foreach (var entry in chunk)
            {
                foreach (var cell in Cells(entry)) csv.WriteField(cell);
                await csv.NextRecordAsync();
            }

            await csv.FlushAsync();
        }
    }

    private static string?[] Cells(BookedEntry entry) =>
    [
        $"{entry.Month}",
        entry.PostedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        $"{entry.TransactionId}",
        entry.TransactionKind.Spelled(),
        $"{entry.RunId}",
        $"{entry.Reverses}",
        entry.Position.ToString(CultureInfo.InvariantCulture),
        entry.AccountKind.Spelled(),
        entry.AccountCode,
        entry.ErpAccount,
        entry.ErpCostCenter,
        entry.Amount > 0 ? entry.Currency.Format(entry.Amount) : null,
        entry.Amount < 0 ? entry.Currency.Format(-entry.Amount) : null,
        entry.Currency.Code,
    ];
}
