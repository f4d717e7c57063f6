using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

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

    internal static InvoiceLineView Of(InvoiceLine line, Currency currency) => new()
    {
        Number = line.Number,
        Charge = line.Charge,
        Service = line.Service,
        Description = line.Description,
        From = line.ServicePeriod.Start,
        To = line.ServicePeriod.End,
        Quantity = Trimmed(line.Amounts.Quantity),
        Unit = line.Unit,
        Price = Trimmed(line.Amounts.Price),
        BaseQuantity = Trimmed(line.Amounts.BaseQuantity),
        Kind = line.Kind,
        Allowances = [.. line.Allowances.Select(taken => AllowanceView.Of(taken, currency))],
        Net = new Money(line.Net, currency),
        TaxCategory = line.Tax.Category,
        TaxRate = Trimmed(line.Tax.Rate),
        Usage = line.UsageIn is { } usage
            ? new MeteredUsageView
            {
                Quantity = Trimmed(line.Explanation.MeteredQuantity!.Value),
                Events = line.Explanation.Events!.Value,
                From = usage.Start,
                To = usage.End,
            }
            : null,
    };

    /// <summary>As stored numbers are read: without zeros at the end.</summary>
    private static decimal Trimmed(decimal number) => number / 1.000000000000000000000000000000m;
}

/// <summary>A discount on a line.</summary>
public sealed record AllowanceView
{
    public required string Code { get; init; }

    public required string Description { get; init; }

    public required Money Amount { get; init; }

    internal static AllowanceView Of(LineAllowance taken, Currency currency) => new()
    {
        Code = taken.Code,
        Description = taken.Description,
        Amount = new Money(taken.Amount, currency),
    };
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

    internal static InvoiceTaxView Of(TaxGroup group, TaxTreatment tax, Currency currency) => new()
    {
        Category = group.Category,
        Rate = group.Rate,
        Base = new Money(group.Base, currency),
        Tax = new Money(group.Tax, currency),
        ReasonCode = tax.ReasonCode,
        Reason = tax.Reason,
    };
}
