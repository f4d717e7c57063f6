namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>
/// What imported rows it applies to and what it decides for them. Every condition that is set must hold; texts compare
/// ordinally. A rule without conditions matches every row.
/// </summary>
public sealed record MappingRule
{
    public required string Code { get; init; }

    /// <summary>Lower is asked first.</summary>
    public required int Precedence { get; init; }

    public string? Provider { get; init; }

    public string? ServiceCategory { get; init; }

    public string? ServiceSubcategory { get; init; }

    public string? ServiceName { get; init; }

    public string? SubAccountId { get; init; }

    public string? ChargeCategory { get; init; }

    public IReadOnlyList<TagCondition> Tags { get; init; } = [];

    /// <summary>The pool it decides, if it decides one.</summary>
    public string? Pool { get; init; }

    /// <summary>The assignee it decides, if it decides one.</summary>
    public Assignee? Assignee { get; init; }

    public bool Matches(FocusRow row) =>
        Holds(Provider, row.ProviderName)
        && Holds(ServiceCategory, row.ServiceCategory)
        && Holds(ServiceSubcategory, row.ServiceSubcategory)
        && Holds(ServiceName, row.ServiceName)
        && Holds(SubAccountId, row.SubAccountId)
        && Holds(ChargeCategory, row.ChargeCategory)
        && Tags.All(tag => tag.Holds(row.Tags));

    private static bool Holds(string? condition, string? value) =>
        condition is null || string.Equals(condition, value, StringComparison.Ordinal);
}

/// <summary>A condition on a tag.</summary>
/// <param name="Key">The tag must be present.</param>
/// <param name="Value">It must have this value; null when any will do.</param>
public sealed record TagCondition(string Key, string? Value = null)
{
    public bool Holds(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(Key, out var value)
        && (Value is null || string.Equals(Value, value, StringComparison.Ordinal));
}
