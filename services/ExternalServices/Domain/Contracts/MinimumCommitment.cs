using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>What a contract bills at least for every full billing period, whatever is used.</summary>
public sealed record MinimumCommitment
{
    /// <summary>Unique in the contract, also among its charges.</summary>
    public required string Code { get; init; }

    /// <summary>Code of the service to which the missing amount belongs.</summary>
    public required string Service { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public required string Description { get; init; }

    /// <summary>How the missing amount is taxed at home.</summary>
    public TaxClass TaxClass { get; init; } = TaxClass.Standard;

    /// <summary>Per full billing period.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Codes of the charges that count towards it; empty: all of the contract.</summary>
    public IReadOnlyList<string> Scope { get; init; } = [];

    /// <summary>round(amount × days served ÷ days of the full period).</summary>
    public decimal ShareOf(int daysServed, int daysOfPeriod, Currency currency) =>
        (Rational.From(Amount) * new Rational(daysServed, daysOfPeriod)).Round(currency.Exponent);

    /// <summary>Share of the commitment − what was billed in scope, never below zero.</summary>
    public decimal TrueUp(int daysServed, int daysOfPeriod, decimal billed, Currency currency) =>
        decimal.Max(0, ShareOf(daysServed, daysOfPeriod, currency) - billed);

    internal bool Covers(string charge) => Scope.Count == 0 || Scope.Contains(charge, StringComparer.Ordinal);
}
