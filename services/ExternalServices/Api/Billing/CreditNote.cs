using ExternalServices.Api.Parties;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What lists tell of a credit note.</summary>
public sealed record CreditNoteSummary
{
    public required Guid Id { get; init; }

    /// <summary>Gapless per legal entity and year.</summary>
    public required string Number { get; init; }

    /// <summary>The invoice that it takes something of back.</summary>
    public required Guid Invoice { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required DateOnly IssueDate { get; init; }

    public required Money Gross { get; init; }
}

/// <summary>A credit note; it never changes.</summary>
public sealed record CreditNote
{
    public required Guid Id { get; init; }

    /// <summary>Gapless per legal entity and year.</summary>
    public required string Number { get; init; }

    /// <summary>The invoice that it takes something of back.</summary>
    public required Guid Invoice { get; init; }

    public required string InvoiceNumber { get; init; }

    public required DateOnly InvoiceDate { get; init; }

    /// <summary>The day that decided on the tax rate.</summary>
    public required DateOnly InvoiceTaxPoint { get; init; }

    /// <summary>In which it is printed.</summary>
    public required Language Language { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required DateOnly IssueDate { get; init; }

    public required string Reason { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required Money Net { get; init; }

    public required Money Tax { get; init; }

    /// <summary>Net and tax.</summary>
    public required Money Gross { get; init; }

    /// <summary>What exceeded the amount due and was paid back.</summary>
    public required Money Refunded { get; init; }

    /// <summary>What exceeded the amount due and is kept for later invoices.</summary>
    public required Money OnBalance { get; init; }

    /// <summary>The legal entity as it was on the invoice.</summary>
    public required InvoiceParty Seller { get; init; }

    /// <summary>The customer as it was on the invoice.</summary>
    public required InvoiceParty Buyer { get; init; }

    public required IReadOnlyList<CreditNoteLine> Lines { get; init; }

    /// <summary>Per group: round(rate × all that was credited of it) less the tax credited before.</summary>
    public required IReadOnlyList<InvoiceTaxView> Taxes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Subject of the token that made it.</summary>
    public required string CreatedBy { get; init; }
}

/// <summary>What is taken back of one line.</summary>
public sealed record CreditNoteLine
{
    /// <summary>Of the invoice.</summary>
    public required int Line { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    /// <summary>First day that the line paid for.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day that it did not.</summary>
    public required DateOnly To { get; init; }

    public required Money Net { get; init; }

    public required TaxCategory TaxCategory { get; init; }

    /// <summary>In percent.</summary>
    public required decimal TaxRate { get; init; }
}
