using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Contracts;

/// <summary>How the price of a full billing period becomes the price of a part of it.</summary>
public enum ProrationMethod
{
    /// <summary>By local dates: a day with a clock change is one day.</summary>
    Day,

    /// <summary>By elapsed seconds.</summary>
    Second,

    /// <summary>The full price, however long the part is.</summary>
    None,
}

/// <summary>The part of a billing period that is paid for, in days or seconds.</summary>
/// <param name="Part">Not negative.</param>
/// <param name="Whole">Above zero.</param>
public readonly record struct ProrationShare(long Part, long Whole)
{
    /// <summary>The whole period.</summary>
    public static ProrationShare Full { get; } = new(1, 1);

    /// <summary>The days of a part in the days of a full period.</summary>
    public static ProrationShare OfDays(DateRange part, DateRange full) => new(part.Days, full.Days);

    /// <summary>The share of a part given by instants, whose days are those of the customer's zone.</summary>
    /// <param name="method">By what the share is counted.</param>
    /// <param name="part">Within the full period.</param>
    /// <param name="full">Not empty.</param>
    /// <param name="zone">The customer's.</param>
    public static ProrationShare Of(ProrationMethod method, InstantRange part, InstantRange full, TimeZoneInfo zone) =>
        method switch
        {
            ProrationMethod.Day => OfDays(part.DaysIn(zone), full.DaysIn(zone)),
            ProrationMethod.Second => new(Seconds(part), Seconds(full)),
            ProrationMethod.None => Full,
        };

    /// <summary>round((price × quantity − off) × part ÷ whole), multiplied before divided.</summary>
    public decimal AmountOf(AgreedPrice price, Currency currency)
    {
        ArgumentNullException.ThrowIfNull(price);
        var full = Rational.From(price.Price) * Rational.From(price.Quantity) - Rational.From(price.Off);
        return (full * new Rational(Part, Whole)).Round(currency.Exponent);
    }

    /// <summary>
    /// The money of a change: the old price of the rest of the period is credited, the new one charged, each rounded by
    /// itself.
    /// </summary>
    /// <param name="old">What was billed for the rest; null where nothing was.</param>
    /// <param name="new">What is to be billed for it; null where nothing is.</param>
    /// <param name="currency">Gives the minor unit.</param>
    public ChangeAmounts Change(AgreedPrice? old, AgreedPrice? @new, Currency currency) =>
        new(old is null ? 0 : -AmountOf(old, currency), @new is null ? 0 : AmountOf(@new, currency));

    private static long Seconds(InstantRange range) =>
        (range.End - range.Start).Ticks / TimeSpan.TicksPerSecond;
}

/// <summary>A fixed price of a full billing period.</summary>
/// <param name="Price">Once.</param>
/// <param name="Quantity">How often it is agreed.</param>
/// <param name="Off">What discounts take off price × quantity.</param>
public sealed record AgreedPrice(decimal Price, decimal Quantity = 1, decimal Off = 0);

/// <summary>What a change inside a billing period costs.</summary>
/// <param name="Credit">Not positive.</param>
/// <param name="Charge">Not negative.</param>
public readonly record struct ChangeAmounts(decimal Credit, decimal Charge)
{
    /// <summary>The sum of the two rounded figures.</summary>
    public decimal Net => Credit + Charge;
}
