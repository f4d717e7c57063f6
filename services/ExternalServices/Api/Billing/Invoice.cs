using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What lists tell of an invoice.</summary>
public sealed record InvoiceSummary
{
    public required Guid Id { get; init; }

    public required InvoiceState State { get; init; }

    /// <summary>Gapless per legal entity and year; null while it is a draft.</summary>
    public required string? Number { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required string Contract { get; init; }

    /// <summary>The billing month.</summary>
    public required Period Month { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public required DateOnly? IssueDate { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public required DateOnly? DueDate { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required Money Net { get; init; }

    public required Money Tax { get; init; }

    /// <summary>Net and tax: what is to be paid.</summary>
    public required Money Gross { get; init; }

    /// <summary>What is still owed, fees included.</summary>
    public required Money Due { get; init; }

    /// <summary>It bills late usage alone.</summary>
    public required bool IsDebitNote { get; init; }

    /// <summary>The billing run that made it.</summary>
    public required Guid Run { get; init; }

    /// <summary>Grows with each change; the ETag.</summary>
    public required int Version { get; init; }
}

/// <summary>An invoice; once it has a number it never changes.</summary>
public sealed record Invoice
{
    public required Guid Id { get; init; }

    public required InvoiceState State { get; init; }

    /// <summary>Gapless per legal entity and year; null while it is a draft.</summary>
    public required string? Number { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required string Contract { get; init; }

    /// <summary>The billing month.</summary>
    public required Period Month { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public required DateOnly? IssueDate { get; init; }

    /// <summary>Null while it is a draft.</summary>
    public required DateOnly? DueDate { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required Money Net { get; init; }

    public required Money Tax { get; init; }

    /// <summary>Net and tax: what is to be paid.</summary>
    public required Money Gross { get; init; }

    /// <summary>Charged for reminders.</summary>
    public required Money Fees { get; init; }

    /// <summary>Customer's money used for it.</summary>
    public required Money Paid { get; init; }

    /// <summary>Credit notes, as far as they lowered what was owed.</summary>
    public required Money Credited { get; init; }

    /// <summary>What is still owed.</summary>
    public required Money Due { get; init; }

    /// <summary>Open, and some of it was paid.</summary>
    public required bool IsPartiallyPaid { get; init; }

    /// <summary>Open, and the due date has passed in the customer's zone.</summary>
    public required bool IsOverdue { get; init; }

    /// <summary>Why the customer does not agree; null when it does.</summary>
    public required string? DisputeReason { get; init; }

    /// <summary>How many reminders were sent.</summary>
    public required int DunningLevel { get; init; }

    /// <summary>It bills late usage alone.</summary>
    public required bool IsDebitNote { get; init; }

    /// <summary>Of a debit note: the invoices that had billed the same periods.</summary>
    public required IReadOnlyList<InvoiceReference> Adjusts { get; init; }

    /// <summary>The billing run that made it.</summary>
    public required Guid Run { get; init; }

    /// <summary>The day that decides on the tax rate.</summary>
    public required DateOnly TaxPoint { get; init; }

    /// <summary>In which it is printed.</summary>
    public required Language Language { get; init; }

    /// <summary>The legal entity as it was when the invoice was made.</summary>
    public required InvoiceParty Seller { get; init; }

    /// <summary>The customer as it was when the invoice was made.</summary>
    public required InvoiceParty Buyer { get; init; }

    public required IReadOnlyList<InvoiceLineView> Lines { get; init; }

    /// <summary>One for each tax category and rate.</summary>
    public required IReadOnlyList<InvoiceTaxView> Taxes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a draft is finalized by itself; null when it waits for somebody.</summary>
    public required DateTimeOffset? FinalizesAt { get; init; }

    public required DateTimeOffset? FinalizedAt { get; init; }

    /// <summary>Grows with each change; the ETag.</summary>
    public required int Version { get; init; }
}

/// <summary>An invoice that another document is about.</summary>
public sealed record InvoiceReference
{
    public required Guid Id { get; init; }

    public required string Number { get; init; }

    public required DateOnly IssueDate { get; init; }
}
