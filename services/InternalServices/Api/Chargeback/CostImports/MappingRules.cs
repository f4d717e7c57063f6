using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>The ordered list by which imported cost finds its pool and who bears it.</summary>
public sealed record MappingRules
{
    public const int MaxRules = 2_000;

    /// <summary>Grows with each replacement; the ETag. Imports name it.</summary>
    public required long Version { get; init; }

    /// <summary>
    /// Asked from the first to the last; pool and assignee are each decided by the first rule that sets it.
    /// </summary>
    public required IReadOnlyList<Rule> Rules { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public sealed record Rule
    {
        /// <summary>Names the rule within the list.</summary>
        public required string Code { get; init; }

        /// <summary>What it applies to; without conditions, every row.</summary>
        public Condition When { get; init; } = new();

        /// <summary>Code of the pool that it decides.</summary>
        public string? Pool { get; init; }

        /// <summary>Who bears it, if the rule decides that.</summary>
        public Bearer? Assignee { get; init; }
    }

    /// <summary>Texts compare exactly; every one that is given must hold.</summary>
    public sealed record Condition
    {
        /// <summary>ProviderName.</summary>
        public string? Provider { get; init; }

        public string? ServiceCategory { get; init; }

        /// <summary>In files of FOCUS 1.1 and later.</summary>
        public string? ServiceSubcategory { get; init; }

        public string? ServiceName { get; init; }

        public string? SubAccountId { get; init; }

        public string? ChargeCategory { get; init; }

        /// <summary>All of them must hold.</summary>
        public IReadOnlyList<Tag> Tags { get; init; } = [];
    }

    /// <summary>A tag that must be present, with this value where one is given.</summary>
    public sealed record Tag
    {
        public required string Key { get; init; }

        public string? Value { get; init; }
    }

    public sealed record Bearer
    {
        public required AssigneeKind Kind { get; init; }

        /// <summary>Code of the department or customer; none when shared.</summary>
        public string? Code { get; init; }
    }

    internal CostMapping ToMapping() => new(Rules.Select((rule, index) => new MappingRule
    {
        Code = rule.Code,
        Precedence = index,
        Provider = rule.When.Provider,
        ServiceCategory = rule.When.ServiceCategory,
        ServiceSubcategory = rule.When.ServiceSubcategory,
        ServiceName = rule.When.ServiceName,
        SubAccountId = rule.When.SubAccountId,
        ChargeCategory = rule.When.ChargeCategory,
        Tags = [.. rule.When.Tags.Select(tag => new TagCondition(tag.Key, tag.Value))],
        Pool = rule.Pool,
        Assignee = rule.Assignee is { } bearer ? new Assignee(bearer.Kind, bearer.Code) : null,
    }));

    /// <summary>What is wrong with the fields of a list.</summary>
    internal static Fields Check(IReadOnlyList<Rule> rules)
    {
        var fields = new Fields().Count("/rules", rules.Count, MaxRules, min: 0);
        var codes = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count && i < MaxRules; i++)
        {
            var rule = rules[i];
            fields
                .Code($"/rules/{i}/code", rule.Code)
                .Check(
                    $"/rules/{i}/code",
                    codes.Add(rule.Code),
                    "code-repeated",
                    $"'{rule.Code}' names an earlier rule.")
                .Check(
                    $"/rules/{i}",
                    rule.Pool is not null || rule.Assignee is not null,
                    "decides-nothing",
                    "A rule decides a pool, an assignee or both.")
                .Check(
                    $"/rules/{i}/assignee",
                    rule.Assignee is not { } bearer || (bearer.Kind == AssigneeKind.Shared) == (bearer.Code is null),
                    "assignee-mismatch",
                    "A department or customer is named by its code; shared cost names nobody.");
        }

        return fields;
    }
}
