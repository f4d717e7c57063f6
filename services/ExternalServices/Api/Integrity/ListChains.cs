using System.Globalization;
using System.Text.Json;
using ExternalServices.Api.Parties;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ExternalServices.Api.Integrity;

/// <summary>Where the hash chain of a number series has come to.</summary>
public sealed record DocumentChain
{
    public required string LegalEntity { get; init; }

    public required DocumentType DocumentType { get; init; }

    public required int Year { get; init; }

    /// <summary>Of the last sealed document in the series.</summary>
    public required long Sequence { get; init; }

    /// <summary>SHA-256 in hexadecimal digits, over the document and all that were sealed before it.</summary>
    public required string Hash { get; init; }

    public required DateTimeOffset SealedAt { get; init; }
}

public static class ListChains
{
    public static async Task<Page<DocumentChain>> Handle(
        string? legalEntity, Paging paging, Database database, CancellationToken cancellationToken) =>
        paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<DocumentChain>(
                    Select, new { LegalEntity = legalEntity, paging.After, paging.Fetch }),
                cancellationToken),
            KeyOf);

    private static string KeyOf(DocumentChain chain) => string.Join(
        '/',
        chain.LegalEntity,
        JsonNamingPolicy.CamelCase.ConvertName($"{chain.DocumentType}"),
        chain.Year.ToString(CultureInfo.InvariantCulture));

    private const string Select = """
        select series.legal_entity, series.document_type, series.year, last.sequence, encode(last.hash, 'hex') as hash,
            last.sealed_at
        from parties.number_series series
        cross join lateral (
            select seal.sequence, seal.hash, seal.sealed_at
            from integrity.document_seals seal
            where seal.legal_entity = series.legal_entity and seal.document_type = series.document_type
                and seal.year = series.year
            order by seal.sequence desc
            limit 1) as last
        where (@LegalEntity is null or series.legal_entity = @LegalEntity)
            and (series.legal_entity || '/' || series.document_type || '/' || series.year) collate "C" > @After
        order by (series.legal_entity || '/' || series.document_type || '/' || series.year) collate "C"
        limit @Fetch
        """;
}
