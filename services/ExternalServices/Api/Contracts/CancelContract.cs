using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Ends a contract on a day; fees that were billed beyond it are taken back.</summary>
internal static class CancelContract
{
    public sealed record Request : IAmendment
    {
        /// <summary>First day that is no longer in the contract; not before this billing period.</summary>
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
        if (ContractStates.Check(contract, body.On, ContractState.Active, ContractState.Paused) is { } conflict)
        {
            return conflict;
        }

        var ended = contract.On(body.On) with { IsEnded = true };
        return (NewTerms[])[new(ContractChangeKind.Cancel, body.On, ended)];
    }
}
