namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>
/// Finds the pool and the assignee of imported cost. Immutable; the order of the rules given does not matter.
/// </summary>
/// <param name="rules">Evaluated in ascending precedence; equal precedences in ordinal order of their codes.</param>
public sealed class CostMapping(IEnumerable<MappingRule> rules)
{
    private readonly MappingRule[] _rules =
    [
        .. rules.OrderBy(rule => rule.Precedence).ThenBy(rule => rule.Code, StringComparer.Ordinal),
    ];

    /// <summary>
    /// Pool and assignee are each decided by the first rule that matches and sets it. Without a pool the cost goes to
    /// <see cref="MappedCost.UnmappedPool"/> at nobody; with a pool and no assignee, to that pool at nobody.
    /// </summary>
    public MappedCost Map(FocusRow row)
    {
        MappingRule? pool = null;
        MappingRule? assignee = null;
        foreach (var rule in _rules)
        {
            var decides = (pool is null && rule.Pool is not null) || (assignee is null && rule.Assignee is not null);
            if (!decides || !rule.Matches(row))
            {
                continue;
            }

            pool ??= rule.Pool is null ? null : rule;
            assignee ??= rule.Assignee is null ? null : rule;
            if (pool is not null && assignee is not null)
            {
                break;
            }
        }

        return pool is null
            ? new MappedCost(MappedCost.UnmappedPool, Assignee.Unallocated, null, null)
            : new MappedCost(pool.Pool!, assignee?.Assignee ?? Assignee.Unallocated, pool.Code, assignee?.Code);
    }
}

/// <summary>Where an imported cost goes, and which rules said so.</summary>
/// <param name="Pool">Code of the pool.</param>
/// <param name="Assignee">Shared by the pool's driver, or one department or customer.</param>
/// <param name="PoolRule">Code of the rule that decided the pool; null for <see cref="UnmappedPool"/>.</param>
/// <param name="AssigneeRule">Code of the rule that decided the assignee; null when none did.</param>
public sealed record MappedCost(string Pool, Assignee Assignee, string? PoolRule, string? AssigneeRule)
{
    /// <summary>The pool of cost that no rule gives a pool.</summary>
    public const string UnmappedPool = "UNMAPPED";
}
