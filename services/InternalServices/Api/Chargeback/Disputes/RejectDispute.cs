using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>The line stays as it is.</summary>
public static class RejectDispute
{
    public sealed record Request
    {
        /// <summary>Why; the department reads it.</summary>
        public required string Explanation { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reject(transaction, id, body.Explanation, caller.Subject),
            dispute => Answer.Ok(dispute) with { Version = dispute.Version },
            cancellationToken);

    private static async Task<Outcome<Dispute>> Reject(
        Transaction transaction, Guid id, string explanation, string subject)
    {
        if (new Fields().Text("/explanation", explanation, AcceptDispute.MaxExplanationLength).Refusal is { } unsound)
        {
            return unsound;
        }

        if (await DisputeRows.LoadForUpdate(transaction, id) is not { } dispute)
        {
            return Refusal.NotFound("dispute", $"{id}");
        }

        var next = DisputeStates.After(dispute.State, DisputeAction.Reject);
        if (next.Refusal is { } refusal) return refusal;

        await transaction.Execute(
            Update,
            new { Id = id, State = next.Value, transaction.Now, Subject = subject, Explanation = explanation });
        await DisputeRows.SettleStatement(transaction, dispute.StatementId);
        return (await DisputeRows.Load(transaction, id))!;
    }

    private const string Update = """
        update chargeback.disputes
        set state = @State, version = version + 1, decided_at = @Now, decided_by = @Subject, explanation = @Explanation
        where id = @Id
        """;
}
