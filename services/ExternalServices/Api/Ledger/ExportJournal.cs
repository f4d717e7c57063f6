using System.Text;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>The books of a legal entity as a journal that hledger reads.</summary>
public static class ExportJournal
{
    /// <summary>Transactions read and sent at a time.</summary>
    private const int ChunkSize = 5000;

    public static async Task<IResult> Handle(
        string legalEntity, DateOnly? from, DateOnly? to, Database database, CancellationToken cancellationToken)
    {
        var span = new Span(legalEntity, from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue);
        var head = await database.Read(
            Tenant.Provider, transaction => Declarations(transaction, span), cancellationToken);
        return head is null
            ? Problem.Of(Refusal.NotFound("legal-entity", legalEntity))
            : new FileAnswer(
                Forms.PlainText,
                $"{legalEntity}.journal",
                (output, cancellation) => Write(output, head, span, database, cancellation));
    }

    private static async Task<StringBuilder?> Declarations(Transaction transaction, Span span)
    {
        if (!await transaction.Scalar<bool>(Exists, span)) return null;
        var used = await transaction.Query<Used>(SelectUsed, span);
        var text = new StringBuilder();
        JournalText.Declare(
            text,
            used.Select(each => each.Currency).Distinct(),
            used.Select(each => (each.Account, each.ErpAccount)).Distinct());
        return text;
    }

    private static async Task Write(
        Stream output, StringBuilder text, Span span, Database database, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        (DateOnly Day, Guid Id) last = (DateOnly.MinValue, Guid.Empty);
        while (true)
        {
            var chunk = await database.Read(
                Tenant.Provider,
                async transaction => await BookedRow.WithEntries(
                    transaction,
                    await transaction.Query<BookedRow>(
                        SelectChunk,
                        new { span.LegalEntity, span.From, span.To, last.Day, last.Id, Size = ChunkSize })),
                cancellationToken);
            foreach (var booked in chunk) JournalText.Write(text, booked);
            await writer.WriteAsync(text, cancellationToken);
            if (chunk.Count < ChunkSize) return;
            text.Clear();
            last = (chunk[^1].Day, chunk[^1].Id);
        }
    }

    private sealed record Span(string LegalEntity, DateOnly From, DateOnly To);

    private sealed record Used
    {
        public required Currency Currency { get; init; }

        public required LedgerAccount Account { get; init; }

        public required string? ErpAccount { get; init; }
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string SelectUsed = """
        select distinct entry.currency, entry.account, mapping.erp_account
        from ledger.entries entry
        left join ledger.account_mappings mapping
            on mapping.legal_entity = entry.legal_entity and mapping.account = entry.account
        where entry.legal_entity = @LegalEntity and entry.day between @From and @To
        order by entry.currency, entry.account
        """;

    private const string SelectChunk = """
        select id, legal_entity, customer, kind, day, description, reverses, posted_at, position
        from ledger.transactions
        where legal_entity = @LegalEntity and day between @From and @To and (day, id) > (@Day, @Id)
        order by day, id
        limit @Size
        """;
}
