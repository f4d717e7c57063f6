using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Ends a pause: fees and commitments are due again from a day on.</summary>
internal static class ResumeContract
{
    public sealed record Request
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
        if (ContractStates.Check(contract, body.On, ContractState.Paused) is { } conflict) return conflict;
        var resumed = contract.On(body.On) with { IsPaused = false };
        return (NewTerms[])
        [
            new(ContractChangeKind.Resume, body.On, resumed),
            .. contract.Later(body.On).Select(row => row with { Terms = row.Terms with { IsPaused = false } }),
        ];
    }
}
