using System.Diagnostics.CodeAnalysis;

namespace ServiceMesh.Primitives;

/// <summary>A currency of ISO 4217 with the number of decimals of its minor unit.</summary>
/// <remarks>Amounts are rounded half away from zero at its exponent, and only where a rule names it.</remarks>
public readonly record struct Currency
{
    private readonly string? _code;

    private Currency(string code, int exponent)
    {
        _code = code;
        Exponent = exponent;
    }

    /// <summary>The alphabetic code, for example <c>EUR</c>.</summary>
    public string Code => _code ?? throw new InvalidOperationException("A currency without a code is no currency.");

    /// <summary>Decimals of the minor unit: JPY 0, EUR 2, KWD 3.</summary>
    public int Exponent { get; }

    /// <summary>The smallest amount that exists in this currency, for example 0.01.</summary>
    public decimal MinorUnit => new(1, 0, 0, false, (byte)Exponent);

    /// <summary>The currency with this code.</summary>
    /// <exception cref="ArgumentException">The code is not one of ISO 4217.</exception>
    public static Currency Of(string code) =>
        TryParse(code, out var currency)
            ? currency
            : throw new ArgumentException($"'{code}' is not a currency of ISO 4217.", nameof(code));

    /// <summary>Reads an alphabetic code in capital letters.</summary>
    public static bool TryParse([NotNullWhen(true)] string? code, out Currency currency)
    {
        if (code is not null && Iso4217.Exponents.TryGetValue(code, out var exponent))
        {
            currency = new Currency(code, exponent);
            return true;
        }

        currency = default;
        return false;
    }

    /// <summary>Rounds half away from zero to the minor unit.</summary>
    public decimal Round(decimal amount) => decimal.Round(amount, Exponent, MidpointRounding.AwayFromZero);

    /// <summary>Whether the amount is a whole number of minor units.</summary>
    public bool IsWhole(decimal amount) => Round(amount) == amount;

    /// <summary>The amount as text with exactly the decimals of the currency, as documents show it.</summary>
    public string Format(decimal amount) =>
        amount.ToString($"F{Exponent}", System.Globalization.CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public override string ToString() => Code;
}
