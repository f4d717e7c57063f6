using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>The tax of the documents whose tax point is in a month.</summary>
public sealed record TaxReport
{
    public required string LegalEntity { get; init; }

    public required Period Month { get; init; }

    /// <summary>By category and rate.</summary>
    public required IReadOnlyList<TaxReportGroup> Groups { get; init; }

    /// <summary>In the currency of the legal entity's books.</summary>
    public required Money Base { get; init; }

    public required Money Tax { get; init; }

    internal static TaxReport Of(
        string legalEntity, Period month, Currency books, IReadOnlyList<TaxedDocument> documents)
    {
        var groups = documents.GroupBy(document => (document.Category, document.Rate))
            .OrderBy(group => group.Key)
            .Select(group => TaxReportGroup.Of([.. group], books))
            .ToList();
        return new TaxReport
        {
            LegalEntity = legalEntity,
            Month = month,
            Groups = groups,
            Base = new Money(groups.Sum(group => group.Base.Amount), books),
            Tax = new Money(groups.Sum(group => group.Tax.Amount), books),
        };
    }
}

/// <summary>The documents of one category and rate.</summary>
public sealed record TaxReportGroup
{
    public required TaxCategory Category { get; init; }

    /// <summary>In percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>How many invoices and credit notes that is.</summary>
    public required int Documents { get; init; }

    /// <summary>In the currency of the books: each document at the rate of its tax point, then summed.</summary>
    public required Money Base { get; init; }

    public required Money Tax { get; init; }

    /// <summary>The same in the currencies of the documents.</summary>
    public required IReadOnlyList<TaxReportOrigin> Origins { get; init; }

    internal static TaxReportGroup Of(IReadOnlyList<TaxedDocument> documents, Currency books) => new()
    {
        Category = documents[0].Category,
        Rate = documents[0].Rate,
        Documents = documents.Count,
        Base = new Money(documents.Sum(document => document.In(books, document.Base)), books),
        Tax = new Money(documents.Sum(document => document.In(books, document.Tax)), books),
        Origins =
        [
            .. documents.GroupBy(document => document.Currency)
                .OrderBy(origin => origin.Key.Code, StringComparer.Ordinal)
                .Select(origin => new TaxReportOrigin
                {
                    Base = new Money(origin.Sum(document => document.Base), origin.Key),
                    Tax = new Money(origin.Sum(document => document.Tax), origin.Key),
                }),
        ],
    };
}

/// <summary>The documents of one currency.</summary>
public sealed record TaxReportOrigin
{
    public required Money Base { get; init; }

    public required Money Tax { get; init; }
}

/// <summary>The tax of one category and rate on a document: less than zero on a credit note.</summary>
internal sealed record TaxedDocument
{
    public required TaxCategory Category { get; init; }

    public required decimal Rate { get; init; }

    public required Currency Currency { get; init; }

    public required DateOnly TaxPoint { get; init; }

    public required decimal Base { get; init; }

    public required decimal Tax { get; init; }

    /// <summary>What one unit is worth in the provider's currency; null where none is recorded, or needed.</summary>
    public required decimal? SourceRate { get; init; }

    /// <summary>The same of the books' currency.</summary>
    public required decimal? TargetRate { get; init; }

    public bool IsConvertible(Currency books, Currency own) =>
        Currency == books || ((SourceRate is not null || Currency == own) && (TargetRate is not null || books == own));

    /// <summary>round(amount × source rate ÷ target rate), as the document itself shows it (BT-111).</summary>
    public decimal In(Currency books, decimal amount) => Currency == books
        ? amount
        : (Rational.From(amount) * Rational.From(SourceRate ?? 1) / Rational.From(TargetRate ?? 1))
            .Round(books.Exponent);
}
