using ExternalServices.Domain.Contracts;
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

    public required DateOnly? End { get; init; }

    public required DateOnly Anchor { get; init; }

    /// <summary>What is agreed differently from the plan; null where nothing is.</summary>
    public required string? Agreed { get; init; }

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(CustomerZone);

    public ContractTerms Terms(PlanTerms plans)
    {
        var plan = plans[Plan, PlanVersion];
        var agreed = AgreedTerms.Parse(Agreed);
        return new ContractTerms
        {
            Contract = Code,
            Currency = Currency,
            Zone = Zone,
            Cycle = new BillingCycle(Start, Anchor, End, plan.MonthsPerPeriod),
            Charges = agreed.ChargesOf(plan),
            Commitments = agreed.CommitmentsOf(plan),
        };
    }
}
