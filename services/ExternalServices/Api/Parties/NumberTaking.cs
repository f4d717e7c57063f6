using System.Globalization;
using ServiceMesh.Data;

namespace ExternalServices.Api.Parties;

/// <summary>The numbers that a transaction takes from one series: they are used in it, or given back with it.</summary>
internal sealed record TakenNumbers
{
    internal const string CreditNoteMark = "CN";

    private const int Digits = 6;

    public required string LegalEntity { get; init; }

    public required int Year { get; init; }

    public required string Prefix { get; init; }

    public required long First { get; init; }

    public required DateOnly IssueDate { get; init; }

    /// <summary>The series that has this prefix unless the legal entity says otherwise.</summary>
    public static (DocumentType Type, int Year)? SeriesOf(string prefix, string legalEntity) =>
        YearOf(prefix, $"{legalEntity}-") is { } invoices ? (DocumentType.Invoice, invoices)
        : YearOf(prefix, $"{legalEntity}-{CreditNoteMark}-") is { } notes ? (DocumentType.CreditNote, notes)
        : null;

    private static int? YearOf(string prefix, string start) =>
        prefix.StartsWith(start, StringComparison.Ordinal)
            && prefix[start.Length..] is [.. { Length: 4 } year, '-']
            && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : null;

    public string Number(long sequence) => Prefix + sequence.ToString($"D{Digits}", CultureInfo.InvariantCulture);
}

/// <summary>Takes gapless numbers: the series' row stays locked until the documents are committed.</summary>
internal static class NumberTaking
{
    /// <inheritdoc cref="Take(Transaction, DocumentType, ValueTuple{string, int, DateOnly}[])"/>
    public static Task<IReadOnlyList<TakenNumbers>> Take(
        Transaction transaction, params (string Code, int Count, DateOnly Today)[] entities) =>
        Take(transaction, DocumentType.Invoice, entities);

    /// <param name="transaction">In which the documents are made, too.</param>
    /// <param name="type">Of the documents.</param>
    /// <param name="entities">In the order of their codes, so that two takers never wait for each other.</param>
    public static async Task<IReadOnlyList<TakenNumbers>> Take(
        Transaction transaction, DocumentType type, params (string Code, int Count, DateOnly Today)[] entities)
    {
        var taken = await transaction.Query<TakenNumbers>(Advance, Columns(type, entities));
        if (taken.Count == entities.Length) return taken;

        // The other series are new. What was taken already is locked, and is not taken again.
        var opened = Columns(type, entities.Where(entity => taken.All(known => known.LegalEntity != entity.Code)));
        await transaction.Execute(Open, opened);
        return [.. taken, .. await transaction.Query<TakenNumbers>(Advance, opened)];
    }

    private static object Columns(
        DocumentType type, IEnumerable<(string Code, int Count, DateOnly Today)> entities) => new
        {
            Type = type,
            Mark = type == DocumentType.CreditNote ? $"{TakenNumbers.CreditNoteMark}-" : "",
            Entities = entities.Select(entity => entity.Code).ToArray(),
            Years = entities.Select(entity => entity.Today.Year).ToArray(),
            Counts = entities.Select(entity => entity.Count).ToArray(),
            Today = entities.Select(entity => entity.Today).ToArray(),
        };

    /// <summary>
    /// Whoever comes second finds the series, by its key or by its prefix. <see cref="OpenNumberSeries"/> keeps the
    /// prefix from every other series.
    /// </summary>
    private const string Open = """
        insert into parties.number_series (legal_entity, document_type, year, prefix, next_number)
        select entity, @Type, year, entity || '-' || @Mark || year || '-', 1
        from unnest(@Entities, @Years) as wanted (entity, year)
        on conflict do nothing
        """;

    private const string Advance = """
        with wanted as (
            select series.legal_entity, series.year, wanted.count, wanted.today
            from unnest(@Entities, @Years, @Counts, @Today) as wanted (entity, year, count, today)
            join parties.number_series series
                on series.legal_entity = wanted.entity and series.document_type = @Type
                    and series.year = wanted.year
            order by series.legal_entity
            for update of series
        )
        update parties.number_series series
        set next_number = series.next_number + wanted.count,
            last_issue_date = greatest(series.last_issue_date, wanted.today)
        from wanted
        where series.legal_entity = wanted.legal_entity and series.document_type = @Type
            and series.year = wanted.year
        returning series.legal_entity, series.year, series.prefix, series.next_number - wanted.count as first,
            series.last_issue_date as issue_date
        """;
}
