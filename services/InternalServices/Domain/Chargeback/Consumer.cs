namespace InternalServices.Domain.Chargeback;

/// <summary>Who consumes a pool's output: a department, or another pool.</summary>
public readonly record struct Consumer(ConsumerKind Kind, string Code)
{
    public static Consumer Department(string code) => new(ConsumerKind.Department, code);

    public static Consumer Pool(string code) => new(ConsumerKind.Pool, code);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Code}";
}

public enum ConsumerKind
{
    Department,
    Pool,
}
