using System.Globalization;
using System.Text;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The journal as plain text that hledger's <c>check --strict</c> accepts.</summary>
public static class ExportLedger
{
    public static FileAnswer Handle(Period? from, Period? to, ProviderOptions provider, Database database) => new(
        Forms.PlainText,
        "chargeback.journal",
        (output, cancellation) =>
            Write(output, MonthSpan.Of(from, to), provider.Currency, database, cancellation));

    private static async Task Write(
        Stream output, MonthSpan span, Currency books, Database database, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var text = await Declarations(span, books, database, cancellationToken);
        var current = Guid.Empty;
        await foreach (var chunk in BookedEntry.Chunks(database, span, cancellationToken))
        {
            foreach (var entry in chunk)
            {
                if (entry.TransactionId != current) WriteHead(text, entry);
                current = entry.TransactionId;
                text.Append("    ").Append(NameOf(entry.AccountKind, entry.AccountCode)).Append("  ")
                    .Append(new Money(entry.Amount, entry.Currency)).Append('\n');
            }

            await writer.WriteAsync(text, cancellationToken);
            text.Clear();
        }
    }

    /// <summary>Currency and accounts are declared before they are used.</summary>
    private static async Task<StringBuilder> Declarations(
        MonthSpan span, Currency books, Database database, CancellationToken cancellationToken)
    {
        var accounts = await database.Read(
            Tenant.Provider, transaction => transaction.Query<Used>(SelectUsed, span), cancellationToken);
        var text = new StringBuilder("decimal-mark .\n\ncommodity ")
            .Append(books.Exponent == 0 ? "1000." : books.Format(1000)).Append(' ').Append(books.Code).Append("\n\n");
        foreach (var account in accounts)
        {
            text.Append("account ").Append(NameOf(account.Kind, account.Code));
            if (account.ErpAccount is not null) text.Append("  ; erp: ").Append(account.ErpAccount);
            text.Append('\n');
        }

        return text;
    }

    /// <summary>On the last day of the month whose books it is in, so that a balance of the month finds it.</summary>
    private static void WriteHead(StringBuilder text, BookedEntry entry)
    {
        var day = entry.Month.NextFirstDay.AddDays(-1);
        text.Append(CultureInfo.InvariantCulture, $"\n{day:yyyy-MM-dd} * {TitleOf(entry)}");
        text.Append(CultureInfo.InvariantCulture, $"  ; id: {entry.TransactionId}\n");
        if (entry.RunId is { } run) text.Append(CultureInfo.InvariantCulture, $"    ; run: {run}\n");
        if (entry.Reverses is { } reversed) text.Append(CultureInfo.InvariantCulture, $"    ; reverses: {reversed}\n");
    }

    /// <summary>A semicolon would begin a comment, two spaces or a line break would end the description.</summary>
    private static string TitleOf(BookedEntry entry) => entry.Description is { } said
        ? string.Join(' ', said.Replace(';', ',').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        : $"{entry.TransactionKind} of {entry.Month}";

    /// <summary>The top of the name tells hledger the type of the account.</summary>
    private static string NameOf(JournalAccount kind, string code) => kind switch
    {
        JournalAccount.Pool => $"expenses:pool:{code}",
        JournalAccount.Department => $"expenses:department:{code}",
        JournalAccount.OpeningBalance => $"equity:openingBalance:{code}",
    };

    private sealed record Used
    {
        public required JournalAccount Kind { get; init; }

        public required string Code { get; init; }

        public string? ErpAccount { get; init; }
    }

    private const string SelectUsed = """
        select distinct entry.account_kind as kind, entry.account_code as code, mapping.erp_account
        from chargeback.journal_transactions transaction
        join chargeback.journal_entries entry on entry.transaction_id = transaction.id
        left join chargeback.account_mappings mapping
            on mapping.account_kind = entry.account_kind and mapping.account_code = entry.account_code
        where transaction.month between @From and @To
        order by kind, code
        """;
}
