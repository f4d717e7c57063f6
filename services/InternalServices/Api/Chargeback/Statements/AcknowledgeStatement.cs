using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>The department agrees with its statement.</summary>
public static class AcknowledgeStatement
{
    public static Task<IResult> Handle(Guid id, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Acknowledge(transaction, id, caller.Subject),
            statement => Answer.Ok(statement) with { Version = statement.Version },
            cancellationToken);

    private static async Task<Outcome<Statement>> Acknowledge(Transaction transaction, Guid id, string subject)
    {
        if (await StatementRows.LoadForUpdate(transaction, id) is not { } statement)
        {
            return Refusal.NotFound("statement", $"{id}");
        }

        var next = StatementStates.After(statement.State, StatementAction.Acknowledge);
        if (next.Refusal is { } refusal) return refusal;

        await transaction.Execute(
            Update, new { Id = id, State = next.Value, transaction.Now, Subject = subject });
        return (await StatementRows.Load(transaction, id))!;
    }

    private const string Update = """
        update chargeback.statements
        set state = @State, version = version + 1, acknowledged_at = @Now, acknowledged_by = @Subject
        where id = @Id
        """;
}
