using System.Numerics;

namespace ServiceMesh.Primitives;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
/// <remarks>For products and quotients beyond the 28 digits of decimal, which rounds them silently.</remarks>
public readonly record struct Rational : IComparable<Rational>
{
    /// <summary>Zero in the default value, which so is the number zero.</summary>
    private readonly BigInteger _denominatorLessOne;

    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw new DivideByZeroException();
        }

        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _denominatorLessOne = denominator / divisor - 1;
    }

    public static Rational Zero => default;

    public static Rational One => new(1, 1);

    public BigInteger Numerator { get; }

    public BigInteger Denominator => _denominatorLessOne + 1;

    public int Sign => Numerator.Sign;

    /// <summary>The decimal exactly as it stands.</summary>
    public static Rational From(decimal value) => new(Mantissa(value), BigInteger.Pow(10, value.Scale));

    /// <summary>The digits of the decimal as a whole number: value × 10^scale.</summary>
    internal static BigInteger Mantissa(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);

        // The three words are unsigned, though the framework hands them out as signed ones.
        var digits = unchecked(
            (new BigInteger((uint)bits[2]) << 64) | (new BigInteger((uint)bits[1]) << 32) | (uint)bits[0]);
        return value < 0 ? -digits : digits;
    }

    /// <summary>The largest whole number that is not above.</summary>
    public BigInteger Floor()
    {
        var quotient = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        return remainder.Sign < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Rounded half away from zero at so many decimals.</summary>
    /// <exception cref="OverflowException">The result does not fit a decimal.</exception>
    public decimal Round(int decimals)
    {
        var scaled = BigInteger.Abs(Numerator) * BigInteger.Pow(10, decimals);
        var units = (2 * scaled + Denominator) / (2 * Denominator);
        return FromUnits(Numerator.Sign < 0 ? -units : units, decimals);
    }

    /// <summary>A whole number of units of 10^-decimals, exactly and with that scale.</summary>
    /// <exception cref="OverflowException">The units exceed the 96 bits of a decimal.</exception>
    public static decimal FromUnits(BigInteger units, int decimals)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits((decimal)units, bits);
        return new decimal(bits[0], bits[1], bits[2], units.Sign < 0, (byte)decimals);
    }

    public static Rational operator +(Rational left, Rational right) =>
        new(
            left.Numerator * right.Denominator + right.Numerator * left.Denominator,
            left.Denominator * right.Denominator);

    public static Rational operator -(Rational left, Rational right) => left + -right;

    public static Rational operator -(Rational value) => new(-value.Numerator, value.Denominator);

    public static Rational operator *(Rational left, Rational right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    public static Rational operator /(Rational left, Rational right) =>
        new(left.Numerator * right.Denominator, left.Denominator * right.Numerator);

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;

    /// <summary>Equal in value; the default is zero, whose denominator was never set.</summary>
    public bool Equals(Rational other) => Numerator == other.Numerator && Denominator == other.Denominator;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Numerator, Denominator);

    public int CompareTo(Rational other) =>
        (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <inheritdoc/>
    public override string ToString() => Denominator.IsOne ? $"{Numerator}" : $"{Numerator}/{Denominator}";
}
