using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>
/// What a change will add to the next invoice, before tax. Everything else is billed at the new terms when it is due.
/// </summary>
public sealed record AmendmentPreview
{
    public required string Contract { get; init; }

    /// <summary>First day that will no longer be in the contract; null while it runs.</summary>
    public required DateOnly? End { get; init; }

    /// <summary>
    /// Fees in advance that are billed already: the old one for the days left taken back, the new one charged.
    /// </summary>
    public required IReadOnlyList<AmendmentLine> Lines { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required Money Net { get; init; }
}

/// <summary>A line as it will stand on the invoice.</summary>
public sealed record AmendmentLine
{
    /// <summary>Code of the charge.</summary>
    public required string Charge { get; init; }

    /// <summary>Whether it takes back or adds.</summary>
    public required LineKind Kind { get; init; }

    public required string Description { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required decimal Quantity { get; init; }

    public required string Unit { get; init; }

    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    /// <summary>round(quantity × price ÷ base quantity).</summary>
    public required Money Net { get; init; }

    internal static AmendmentLine Of(InvoiceLine line, Currency currency) => new()
    {
        Charge = line.Charge,
        Kind = line.Kind,
        Description = line.Description,
        From = line.ServicePeriod.Start,
        To = line.ServicePeriod.End,
        Quantity = line.Amounts.Quantity,
        Unit = line.Unit,
        Price = line.Amounts.Price,
        BaseQuantity = line.Amounts.BaseQuantity,
        Net = new Money(line.Net, currency),
    };
}
