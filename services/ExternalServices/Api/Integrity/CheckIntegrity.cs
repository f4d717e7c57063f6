using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Integrity;

/// <summary>Compares what is stored with itself: a row that somebody changed by hand is found.</summary>
public static class CheckIntegrity
{
    private const int MaxFound = 100;

    /// <summary>Each looks at everything once; all of them at the same state of the database.</summary>
    private static readonly (CheckKind Kind, string Sql)[] Checks =
    [
        (CheckKind.NumberGaps, DocumentChecks.NumberGaps),
        (CheckKind.HashChain, DocumentChecks.HashChain),
        (CheckKind.DocumentTotals, DocumentChecks.Totals),
        (CheckKind.LedgerSums, BookChecks.LedgerSums),
        (CheckKind.DocumentsBooked, BookChecks.DocumentsBooked),
        (CheckKind.Settlements, BookChecks.Settlements),
        (CheckKind.RevenueBooked, BookChecks.RevenueBooked),
        (CheckKind.UsageBilledTwice, UsageChecks.BilledTwice),
        (CheckKind.UsageNeverBilled, UsageChecks.NeverBilled),
        (CheckKind.UsageOfLines, UsageChecks.OfLines),
    ];

    public static async Task<IResult> Handle(
        string? legalEntity, Database database, CancellationToken cancellationToken) =>
        await database.Read(
            Tenant.Provider, transaction => Check(transaction, legalEntity), cancellationToken) is { } report
                ? Answer.Ok(report)
                : Problem.Of(Refusal.NotFound("legal-entity", legalEntity!));

    private static async Task<IntegrityReport?> Check(Transaction transaction, string? legalEntity)
    {
        var key = new { LegalEntity = legalEntity, MaxFound };
        if (legalEntity is not null && !await transaction.Scalar<bool>(Exists, key)) return null;
        var results = new List<IntegrityResult>(Checks.Length);
        foreach (var (kind, sql) in Checks)
        {
            var rows = await transaction.Query<Row>(sql, key);
            results.Add(new IntegrityResult
            {
                Check = kind,
                Examined = rows[0].Examined,
                Offenders = rows[0].Offenders,
                Found =
                [
                    .. rows.Where(row => row.Subject is not null)
                        .Select(row => new Offender { Subject = row.Subject!, Detail = row.Detail! }),
                ],
            });
        }

        return new IntegrityReport
        {
            LegalEntity = legalEntity,
            IsSound = results.TrueForAll(result => result.Offenders == 0),
            Checks = results,
            Unsealed = await transaction.Scalar<long>(CountUnsealed, key),
            CheckedAt = transaction.Now,
        };
    }

    /// <summary>The first row of every check has the counts, whether something was found or not.</summary>
    private sealed record Row
    {
        public required long Examined { get; init; }

        public required long Offenders { get; init; }

        public required string? Subject { get; init; }

        public required string? Detail { get; init; }
    }

    private const string Exists = "select exists (select from parties.legal_entities where code = @LegalEntity)";

    private const string CountUnsealed = """
        select count(*)
        from integrity.issued_documents document
        where (@LegalEntity is null or document.legal_entity = @LegalEntity)
            and document.sequence > coalesce((
                select max(seal.sequence)
                from integrity.document_seals seal
                where seal.legal_entity = document.legal_entity and seal.document_type = document.document_type
                    and seal.year = document.year), 0)
        """;
}
