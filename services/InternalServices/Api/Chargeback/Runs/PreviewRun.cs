using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>What another method or other rules would make of a month; nothing is stored.</summary>
public static class PreviewRun
{
    public sealed record Request
    {
        public required Period Month { get; init; }

        /// <summary>Version of the rule set to start from; the latest when there is none.</summary>
        public long? RuleSet { get; init; }

        /// <summary>In place of the rule set's.</summary>
        public AllocationMethod? Method { get; init; }

        /// <summary>In place of the rules that the rule set has for the same pools.</summary>
        public IReadOnlyList<RuleSet.Rule> Rules { get; init; } = [];
    }

    /// <summary>The month as it would be, beside the month as it is.</summary>
    public sealed record Preview
    {
        public required Period Month { get; init; }

        public required AllocationMethod Method { get; init; }

        /// <summary>The posted run that it is compared with; without one, the latest rule set as it stands.</summary>
        public required Guid? BaselineRunId { get; init; }

        public required Money PoolTotal { get; init; }

        public required Money ExternalShare { get; init; }

        public required Money Unallocated { get; init; }

        /// <summary>Every department that bears cost in one of the two, by code.</summary>
        public required IReadOnlyList<Department> Departments { get; init; }

        public required IReadOnlyList<AllocationWarning> Warnings { get; init; }
    }

    public sealed record Department
    {
        /// <summary>Its code.</summary>
        public required string Code { get; init; }

        public required Money Amount { get; init; }

        public required Money Baseline { get; init; }

        /// <summary>Amount less baseline.</summary>
        public required Money Delta { get; init; }
    }

    public static async Task<IResult> Handle(
        Request body, Database database, ProviderOptions provider, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                Tenant.Provider, transaction => Calculate(transaction, body, provider.Currency), cancellationToken),
            preview => Answer.Ok(preview));

    private static async Task<Outcome<Preview>> Calculate(Transaction transaction, Request body, Currency currency)
    {
        if (await RuleSetRows.Load(transaction, body.RuleSet) is not { } standing)
        {
            return Refusal.Rejected(
                "rule-set-not-found", "There is no such rule set, and a run needs one.", "/ruleSet");
        }

        if (body.Rules.Count > 0 && await RuleSetRules.Check(transaction, body.Rules) is { } refusal) return refusal;

        var replaced = body.Rules.Select(rule => rule.Pool).ToHashSet(StringComparer.Ordinal);
        var wanted = standing with
        {
            Method = body.Method ?? standing.Method,
            Rules = [.. standing.Rules.Where(rule => !replaced.Contains(rule.Pool)), .. body.Rules],
        };
        var previewed = await Allocate(transaction, body.Month, wanted, currency);
        if (previewed.Refusal is { } impossible) return impossible;

        var (posted, baseline) = await Baseline(transaction, body.Month, currency);
        return Compare(previewed.Value, posted, baseline);
    }

    private static async Task<Outcome<AllocationRun>> Allocate(
        Transaction transaction, Period month, RuleSet rules, Currency currency) =>
        (await RunInput.Load(transaction, month, rules, currency)).Then(loaded => Allocation.Calculate(loaded.Input));

    /// <summary>
    /// What each department bears now: by the posted run, else by the latest rules, else nothing yet.
    /// </summary>
    private static async Task<(Guid? Posted, Dictionary<string, decimal> Amounts)> Baseline(
        Transaction transaction, Period month, Currency currency)
    {
        if (await RunRows.LoadPosted(transaction, month) is { } posted)
        {
            var borne = await transaction.Query<Borne>(SelectBorne, new { Run = posted.Id });
            return (
                posted.Id,
                borne.ToDictionary(line => line.Department, line => line.Amount, StringComparer.Ordinal));
        }

        var latest = await RuleSetRows.Load(transaction, version: null);
        var allocated = await Allocate(transaction, month, latest!, currency);
        return (null, allocated.IsRefused ? [] : Amounts(allocated.Value));
    }

    private static Preview Compare(AllocationRun previewed, Guid? posted, Dictionary<string, decimal> baseline)
    {
        var amounts = Amounts(previewed);
        var currency = previewed.Currency;
        return new Preview
        {
            Month = previewed.Period,
            Method = previewed.Method,
            BaselineRunId = posted,
            PoolTotal = new Money(previewed.Certificate.PoolTotal, currency),
            ExternalShare = new Money(previewed.Certificate.ExternalShare, currency),
            Unallocated = new Money(previewed.Certificate.Unallocated, currency),
            Departments =
            [
                .. amounts.Keys.Union(baseline.Keys, StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(code => Compare(
                        code,
                        new Money(amounts.GetValueOrDefault(code), currency),
                        new Money(baseline.GetValueOrDefault(code), currency))),
            ],
            Warnings = previewed.Warnings,
        };
    }

    private static Department Compare(string code, Money amount, Money baseline) =>
        new() { Code = code, Amount = amount, Baseline = baseline, Delta = amount - baseline };

    private static Dictionary<string, decimal> Amounts(AllocationRun run) =>
        run.Departments.Where(total => total.Amount != 0)
            .ToDictionary(total => total.Department, total => total.Amount, StringComparer.Ordinal);

    private sealed record Borne
    {
        public required string Department { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string SelectBorne = """
        select department_code as department, sum(amount) as amount
        from chargeback.run_lines
        where run_id = @Run
        group by department_code
        having sum(amount) <> 0
        """;
}
