using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Another plan, price, quantity or commitment from a day on.</summary>
internal static class ChangeContract
{
    public sealed record Request : IAmendment
    {
        /// <summary>First day of the new terms, in the customer's zone; not before this billing period.</summary>
        public required DateOnly On { get; init; }

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
        if (ContractStates.Check(contract, body.On, ContractState.Active) is { } conflict) return conflict;
        var before = contract.On(body.On);
        var agreed = AgreedTerms.Parse(before.Agreed);
        agreed = new AgreedTerms
        {
            Overrides = body.Overrides ?? agreed.Overrides,
            Commitments = body.Commitments ?? agreed.Commitments,
        };
        var key = (body.Plan ?? before.Plan, body.PlanVersion ?? before.PlanVersion);
        if (await OfferedTerms.Check(transaction, contract, key, agreed) is { } unsound) return unsound;
        var terms = new TermsInForce(key.Item1, key.Item2, agreed.Stored(), IsPaused: false, IsEnded: false);

        // What was agreed for later days is replaced, the end alone stays.
        var end = contract.Later(body.On).LastOrDefault(later => later.Terms.IsEnded);
        return (NewTerms[])[new(ContractChangeKind.Change, body.On, terms), .. end is null ? [] : new[] { end }];
    }
}
