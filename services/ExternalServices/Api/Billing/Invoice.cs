using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Tax;
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

/// <summary>A side of an invoice.</summary>
public sealed record InvoiceParty
{
    public required string Name { get; init; }

    public required Address Address { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public required string Country { get; init; }

    public required string? VatId { get; init; }
}

/// <summary>One line of an invoice.</summary>
public sealed record InvoiceLineView
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Code of the contract's charge.</summary>
    public required string Charge { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    /// <summary>First day that the line pays for.</summary>
    public required DateOnly From { get; init; }

    /// <summary>First day that it no longer pays for.</summary>
    public required DateOnly To { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>What the quantity counts.</summary>
    public required string Unit { get; init; }

    /// <summary>For so many units as the base quantity says.</summary>
    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    /// <summary>Why the line is on the invoice.</summary>
    public required LineKind Kind { get; init; }

    /// <summary>Discounts, in the order in which they are taken off.</summary>
    public required IReadOnlyList<AllowanceView> Allowances { get; init; }

    /// <summary>round(quantity × price ÷ base quantity) − Σ allowances.</summary>
    public required Money Net { get; init; }

    public required TaxCategory TaxCategory { get; init; }

    /// <summary>In percent.</summary>
    public required decimal TaxRate { get; init; }

    /// <summary>What the meter said; null for agreed fees.</summary>
    public required MeteredUsageView? Usage { get; init; }
}

/// <summary>A discount on a line.</summary>
public sealed record AllowanceView
{
    public required string Code { get; init; }

    public required string Description { get; init; }

    public required Money Amount { get; init; }
}

/// <summary>The usage that a line bills.</summary>
public sealed record MeteredUsageView
{
    public required decimal Quantity { get; init; }

    /// <summary>How many usage events that was.</summary>
    public required long Events { get; init; }

    /// <summary>Events from this instant on.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Events before this instant.</summary>
    public required DateTimeOffset To { get; init; }
}

/// <summary>The tax of one category and rate.</summary>
public sealed record InvoiceTaxView
{
    public required TaxCategory Category { get; init; }

    /// <summary>In percent.</summary>
    public required decimal Rate { get; init; }

    /// <summary>What is taxed.</summary>
    public required Money Base { get; init; }

    /// <summary>round(base × rate).</summary>
    public required Money Tax { get; init; }

    /// <summary>Code of the VATEX list, where no tax is charged for a reason.</summary>
    public required string? ReasonCode { get; init; }

    public required string? Reason { get; init; }
}
