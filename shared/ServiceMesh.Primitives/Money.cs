namespace ServiceMesh.Primitives;

/// <summary>An amount in one currency. Amounts of different currencies do not mix.</summary>
public readonly record struct Money(decimal Amount, Currency Currency)
{
    /// <summary>Nothing, in this currency.</summary>
    public static Money Zero(Currency currency) => new(0, currency);

    /// <summary>The amount rounded half away from zero to the minor unit of its currency.</summary>
    public Money Rounded() => new(Currency.Round(Amount), Currency);

    public static Money operator +(Money left, Money right) =>
        new(left.Amount + right.In(left.Currency), left.Currency);

    public static Money operator -(Money left, Money right) =>
        new(left.Amount - right.In(left.Currency), left.Currency);

    public static Money operator -(Money money) => new(-money.Amount, money.Currency);

    private decimal In(Currency expected) =>
        Currency == expected
            ? Amount
            : throw new InvalidOperationException($"{Currency} cannot be reckoned with {expected}.");

    /// <inheritdoc/>
    public override string ToString() => $"{Currency.Format(Amount)} {Currency}";
}
