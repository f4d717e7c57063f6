using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Ends a pause: fees and commitments are due again from a day on.</summary>
internal static class ResumeContract
{
    public sealed record Request : IAmendment
    {
        /// <summary>First day on which it goes on, in the customer's zone; not before this billing period.</summary>
        public required DateOnly On { get; init; }

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
        if (ContractStates.Check(contract, body.On, ContractState.Paused) is { } conflict) return conflict;
        var resumed = contract.On(body.On) with { IsPaused = false };
        return (NewTerms[])
        [
            new(ContractChangeKind.Resume, body.On, resumed),
            .. contract.Later(body.On).Select(row => row with { Terms = row.Terms with { IsPaused = false } }),
        ];
    }
}
