using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Lets a contract go on from its end; a cancellation is taken back so, too.</summary>
internal static class RenewContract
{
    public sealed record Request : IAmendment
    {
        /// <summary>The next end; left out: it runs without one.</summary>
        public DateOnly? Until { get; init; }

        /// <summary>Code of the plan; as it is when left out. Its billing periods must be as long.</summary>
        public string? Plan { get; init; }

        /// <summary>A published version of the plan; as it is when left out.</summary>
        public int? PlanVersion { get; init; }

        /// <summary>What is agreed differently, in place of all that was; as it is when left out.</summary>
        public IReadOnlyList<AgreedCharge>? Overrides { get; init; }

        /// <summary>What is billed at least, in place of all that was; as it is when left out.</summary>
        public IReadOnlyList<Commitment>? Commitments { get; init; }

        /// <summary>Why; kept with the signature.</summary>
        public string? Reason { get; init; }
    }

    public static Task<IResult> Handle(
        string code,
        Request body,
        Caller caller,
        Once once,
        Amendments amendments,
        CancellationToken cancellationToken) =>
        amendments.Sign(once, caller, code, body, Decide, cancellationToken);

    public static Task<IResult> Preview(
        string code, Request body, Amendments amendments, CancellationToken cancellationToken) =>
        amendments.Preview(code, body, Decide, cancellationToken);

    private static async Task<Outcome<IReadOnlyList<NewTerms>>> Decide(
        Transaction transaction, Amended amended, Request body)
    {
        var contract = amended.Contract;
        if (contract.End is not { } end)
        {
            return Refusal.Conflict(
                "contract-open-ended",
                $"The contract {contract.Code} runs without an end.",
                "active",
                "change",
                "cancel");
        }

        if (end <= amended.Today) return ContractStates.Check(contract, end, ContractState.Active)!;
        if (body.Until <= end)
        {
            return Refusal.Rejected("until-out-of-range", $"The next end is after {end:O}.", "/until");
        }

        var before = contract.On(end.AddDays(-1));
        var agreed = AgreedTerms.Parse(before.Agreed);
        agreed = new AgreedTerms
        {
            Overrides = body.Overrides ?? agreed.Overrides,
            Commitments = body.Commitments ?? agreed.Commitments,
        };
        var key = (body.Plan ?? before.Plan, body.PlanVersion ?? before.PlanVersion);
        if (await OfferedTerms.Check(transaction, contract, key, agreed) is { } unsound) return unsound;
        var terms = before with { Plan = key.Item1, PlanVersion = key.Item2, Agreed = agreed.Stored() };
        return (NewTerms[])
        [
            new(ContractChangeKind.Renewal, end, terms),
            .. body.Until is { } until
                ? new[] { new NewTerms(ContractChangeKind.End, until, terms with { IsEnded = true }) }
                : [],
        ];
    }
}
