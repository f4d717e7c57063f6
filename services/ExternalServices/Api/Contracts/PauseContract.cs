using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>No fees and commitments from a day on, for good or until another day.</summary>
internal static class PauseContract
{
    public sealed record Request : IAmendment
    {
        /// <summary>First day of the pause, in the customer's zone; not before this billing period.</summary>
        public required DateOnly On { get; init; }

        /// <summary>First day on which it goes on; left out: until it is resumed.</summary>
        public DateOnly? Until { get; init; }

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

    private static Task<Outcome<IReadOnlyList<NewTerms>>> Decide(
        Transaction transaction, Amended amended, Request body) =>
        Task.FromResult(TermsOf(amended, body));

    private static Outcome<IReadOnlyList<NewTerms>> TermsOf(Amended amended, Request body)
    {
        var contract = amended.Contract;
        if (ContractStates.Check(contract, body.On, ContractState.Active) is { } conflict) return conflict;
        if (body.Until <= body.On || body.Until >= contract.End)
        {
            return Refusal.Rejected(
                "until-out-of-range", "A pause ends after it began and before its contract.", "/until");
        }

        // What was agreed for later days stays agreed, without fees as long as the pause lasts.
        var paused = new NewTerms(ContractChangeKind.Pause, body.On, contract.On(body.On) with { IsPaused = true });
        var later = contract.Later(body.On).ToLookup(row => body.Until is null || row.On < body.Until);
        NewTerms[] resumed = body.Until is { } until
            ? [new NewTerms(ContractChangeKind.Resume, until, contract.On(until))]
            : [];
        return (NewTerms[])
        [
            paused,
            .. later[true].Select(row => row with { Terms = row.Terms with { IsPaused = !row.Terms.IsEnded } }),
            .. resumed,
            .. later[false].Where(row => row.On != body.Until),
        ];
    }
}
