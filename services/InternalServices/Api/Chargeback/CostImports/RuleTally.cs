using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>
/// What each mapping rule decides of a file, and what no rule decides, in memory that does not grow with it.
/// </summary>
internal sealed class RuleTally(IReadOnlyList<MappingRules.Rule> rules, Currency books)
{
    private readonly Dictionary<string, Caught> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Caught> _assignees = new(StringComparer.Ordinal);
    private readonly Dictionary<Kind, Caught> _leftKinds = [];
    private readonly Caught _unmapped = new();
    private readonly Caught _unassigned = new();

    /// <summary>Rows that are alike for a rule.</summary>
    private sealed record Kind(
        string Provider, string ServiceCategory, string? ServiceSubcategory, string ServiceName, string? SubAccountId);

    private sealed record Caught
    {
        public Rational Amount { get; set; }

        public long Rows { get; set; }

        public void Add(decimal amount)
        {
            Amount += Rational.From(amount);
            Rows++;
        }
    }

    public void Take(FocusRow row, MappedCost mapped, DatedRate? rate)
    {
        var amount = rate?.Convert(row.BilledCost) ?? row.BilledCost;
        if (mapped.PoolRule is { } pool) Of(_pools, pool).Add(amount);
        if (mapped.AssigneeRule is { } assignee) Of(_assignees, assignee).Add(amount);
        if (mapped.PoolRule is null) TakeUnmapped(row, amount);
        else if (mapped.AssigneeRule is null) _unassigned.Add(amount);
    }

    /// <summary>In the order in which they are asked; a rule that catches nothing shows it.</summary>
    public IReadOnlyList<TryImport.RuleResult> Results =>
    [
        .. rules.Select(rule => new TryImport.RuleResult
        {
            Code = rule.Code,
            Pool = rule.Pool is null ? null : Shown(_pools.GetValueOrDefault(rule.Code)),
            Assignee = rule.Assignee is null ? null : Shown(_assignees.GetValueOrDefault(rule.Code)),
        }),
    ];

    /// <summary>What lands in the pool of unmapped cost.</summary>
    public TryImport.Catch Unmapped => Shown(_unmapped);

    /// <summary>What has a pool and nobody who bears it.</summary>
    public TryImport.Catch Unassigned => Shown(_unassigned);

    /// <summary>The kinds of unmapped rows that cost most.</summary>
    public IReadOnlyList<TryImport.UnmappedKind> UnmappedKinds =>
    [
        .. _leftKinds
            .OrderByDescending(kind => kind.Value.Amount)
            .ThenBy(kind => $"{kind.Key}", StringComparer.Ordinal)
            .Take(TryImport.MaxKinds)
            .Select(kind => new TryImport.UnmappedKind
            {
                Provider = kind.Key.Provider,
                ServiceCategory = kind.Key.ServiceCategory,
                ServiceSubcategory = kind.Key.ServiceSubcategory,
                ServiceName = kind.Key.ServiceName,
                SubAccountId = kind.Key.SubAccountId,
                Rows = kind.Value.Rows,
                Amount = MoneyOf(kind.Value),
            }),
    ];

    private void TakeUnmapped(FocusRow row, decimal amount)
    {
        _unmapped.Add(amount);
        var kind = new Kind(
            row.ProviderName, row.ServiceCategory, row.ServiceSubcategory, row.ServiceName, row.SubAccountId);
        if (_leftKinds.Count < TryImport.MaxKindsKept || _leftKinds.ContainsKey(kind)) Of(_leftKinds, kind).Add(amount);
    }

    private static Caught Of<TKey>(Dictionary<TKey, Caught> caught, TKey key)
        where TKey : notnull
    {
        if (!caught.TryGetValue(key, out var sum)) caught.Add(key, sum = new Caught());
        return sum;
    }

    private TryImport.Catch Shown(Caught? caught) => new()
    {
        Rows = caught?.Rows ?? 0,
        Amount = MoneyOf(caught ?? new Caught()),
    };

    private ExactMoney MoneyOf(Caught caught) => ExactMoney.Of(caught.Amount.Round(Exact.MaxDecimals), books);
}
