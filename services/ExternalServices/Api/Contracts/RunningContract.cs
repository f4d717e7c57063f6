using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>A contract as far as its charges and billing periods need it.</summary>
internal record RunningContract
{
    public required string Code { get; init; }

    public required string Customer { get; init; }

    public required string CustomerZone { get; init; }

    public required string Plan { get; init; }

    public required int PlanVersion { get; init; }

    public required Currency Currency { get; init; }

    public required DateOnly Start { get; init; }

    /// <summary>The end that was signed with it.</summary>
    public required DateOnly? SignedEnd { get; init; }

    public required DateOnly Anchor { get; init; }

    /// <summary>What is agreed differently from the plan; null where nothing is.</summary>
    public required string? Agreed { get; init; }

    public required LateUsagePolicy LateUsage { get; init; }

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(CustomerZone);

    /// <summary>The terms of some contracts with all that was signed since, in their order.</summary>
    public static async Task<List<ContractTerms>> Terms(
        Transaction transaction, PlanTerms plans, IReadOnlyList<RunningContract> contracts)
    {
        var changes = await ChangeRow.Read(transaction, contracts.Select(contract => contract.Code));
        await plans.Load(
            transaction,
            contracts.Select(contract => (contract.Plan, contract.PlanVersion))
                .Concat(changes.SelectMany(rows => rows).Select(row => (row.Plan, row.PlanVersion))));
        return [.. contracts.Select(contract => contract.Terms(plans, [.. changes[contract.Code]]))];
    }

    /// <param name="plans">Have been loaded.</param>
    /// <param name="changes">In the order in which they were signed.</param>
    /// <param name="isChanging">Whether more are to follow.</param>
    public ContractTerms Terms(PlanTerms plans, IReadOnlyList<ChangeRow> changes, bool isChanging = false)
    {
        var (plan, agreed) = (plans[Plan, PlanVersion], AgreedTerms.Parse(Agreed));
        var isChanged = isChanging || changes.Count > 0;
        return new ContractTerms
        {
            Contract = Code,
            Currency = Currency,
            Zone = Zone,
            Cycle = new BillingCycle(Start, Anchor, isChanged ? null : SignedEnd, plan.MonthsPerPeriod),
            Charges = agreed.ChargesOf(plan),
            Commitments = agreed.CommitmentsOf(plan),
            Changes = isChanged ? [.. End(), .. changes.Select(change => change.ToDomain(plans))] : [],
        };
    }

    /// <summary>The end that was signed first is one that later signatures can move.</summary>
    private IEnumerable<TermsChange> End() =>
        SignedEnd is { } end ? [new TermsChange { Number = 0, On = end }] : [];
}
