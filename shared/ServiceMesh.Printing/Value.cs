using ServiceMesh.Primitives;

namespace ServiceMesh.Printing;

/// <summary>Something to print that looks different in each language.</summary>
public abstract record Value
{
    private Value()
    {
    }

    public static Value None { get; } = new Words("");

    public static Value Of(string text) => new Words(text);

    public static Value Of(Money money) => new Amount(money);

    public static Value Of(decimal number) => new Number(number);

    public static Value Of(DateOnly day) => new Day(day);

    public static Value Of(Period month) => new Month(month);

    /// <param name="part">1 is the whole.</param>
    public static Value Percentage(decimal part) => new Part(part);

    internal sealed record Words(string Text) : Value;

    internal sealed record Amount(Money Money) : Value;

    internal sealed record Number(decimal Value) : Value;

    internal sealed record Part(decimal Value) : Value;

    internal sealed record Day(DateOnly Value) : Value;

    internal sealed record Month(Period Value) : Value;
}
