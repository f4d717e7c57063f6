using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Ends a contract on a day; fees that were billed beyond it are taken back.</summary>
internal static class CancelContract
{
    public sealed record Request
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
        once.Run(
            transaction => amendments.Sign(
                transaction, code, body.Reason, caller, amended => Task.FromResult(Decide(amended, body))),
            contract => Answer.Ok(contract) with { Version = contract.Version },
            cancellationToken);

    public static async Task<IResult> Preview(
        string code, Request body, Database database, Amendments amendments, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                Tenant.Provider,
                transaction => amendments.Preview(
                    transaction, code, amended => Task.FromResult(Decide(amended, body))),
                cancellationToken),
            Answer.Ok);

    private static Outcome<IReadOnlyList<NewTerms>> Decide(Amended amended, Request body)
    {
        var contract = amended.Contract;
        if (Reasons.Check(body.Reason) is { } refusal) return refusal;
        if (ContractStates.Check(contract, body.On, ContractState.Active, ContractState.Paused) is { } conflict)
        {
            return conflict;
        }

        var ended = contract.On(body.On) with { IsEnded = true };
        return (NewTerms[])[new(ContractChangeKind.Cancel, body.On, ended)];
    }
}
