using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>What an invoice's amounts are calculated from.</summary>
public sealed record InvoiceAmounts
{
    public required Currency Currency { get; init; }

    public required IReadOnlyList<LineAmounts> Lines { get; init; }

    /// <summary>BG-20.</summary>
    public IReadOnlyList<DocumentAmount> Allowances { get; init; } = [];

    /// <summary>BG-21.</summary>
    public IReadOnlyList<DocumentAmount> Charges { get; init; } = [];

    /// <summary>One discount on the document without a category: it is spread over the lines by their nets.</summary>
    public decimal SpreadDiscount { get; init; }

    /// <summary>Already paid (BT-113).</summary>
    public decimal Prepaid { get; init; }
}

/// <summary>The amounts of one invoice line (BG-25).</summary>
public sealed record LineAmounts
{
    /// <summary>BT-129.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>For so many units as the base quantity says (BT-146).</summary>
    public required decimal Price { get; init; }

    /// <summary>Above zero (BT-149).</summary>
    public decimal BaseQuantity { get; init; } = 1;

    /// <summary>BG-27, each rounded by itself.</summary>
    public IReadOnlyList<decimal> Allowances { get; init; } = [];

    /// <summary>BG-28, each rounded by itself.</summary>
    public IReadOnlyList<decimal> Charges { get; init; } = [];

    /// <summary>BT-151.</summary>
    public required TaxCategory Category { get; init; }

    /// <summary>In percent (BT-152).</summary>
    public required decimal Rate { get; init; }

    /// <summary>round(quantity × price ÷ base quantity) − Σ round(allowance) + Σ round(charge) (BT-131).</summary>
    public decimal Net(Currency currency)
    {
        var gross = (Rational.From(Quantity) * Rational.From(Price) / Rational.From(BaseQuantity))
            .Round(currency.Exponent);
        return gross - Allowances.Sum(currency.Round) + Charges.Sum(currency.Round);
    }
}

/// <summary>An allowance or charge on the whole document, in one tax group.</summary>
/// <param name="Amount">BT-92 or BT-99.</param>
/// <param name="Category">BT-95 or BT-102.</param>
/// <param name="Rate">In percent, BT-96 or BT-103.</param>
public sealed record DocumentAmount(decimal Amount, TaxCategory Category, decimal Rate);
