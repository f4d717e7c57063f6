using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>The department gives its dispute up.</summary>
public static class WithdrawDispute
{
    public static Task<IResult> Handle(Guid id, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Withdraw(transaction, id, caller.Subject),
            dispute => Answer.Ok(dispute) with { Version = dispute.Version },
            cancellationToken);

    private static async Task<Outcome<Dispute>> Withdraw(Transaction transaction, Guid id, string subject)
    {
        if (await DisputeRows.LoadForUpdate(transaction, id) is not { } dispute)
        {
            return Refusal.NotFound("dispute", $"{id}");
        }

        var next = DisputeStates.After(dispute.State, DisputeAction.Withdraw);
        if (next.Refusal is { } refusal) return refusal;

        await transaction.Execute(Update, new { Id = id, State = next.Value, transaction.Now, Subject = subject });
        await DisputeRows.SettleStatement(transaction, dispute.StatementId);
        return (await DisputeRows.Load(transaction, id))!;
    }

    private const string Update = """
        update chargeback.disputes
        set state = @State, version = version + 1, decided_at = @Now, decided_by = @Subject
        where id = @Id
        """;
}
