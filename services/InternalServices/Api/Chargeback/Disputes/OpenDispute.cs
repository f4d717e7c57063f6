using System.Text.Json;
using InternalServices.Api.Chargeback.Statements;
using InternalServices.Domain.Chargeback.Disputes;
using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>The department does not agree with a line of its statement.</summary>
public static class OpenDispute
{
    private const int MaxReasonLength = 2000;
    private const int MaxReferenceLength = 500;
    private const int MaxEvidence = 20;

    public sealed record Request
    {
        /// <summary>What the department should not bear of it; all of it when not said.</summary>
        public Money? Claimed { get; init; }

        public required string Reason { get; init; }

        public required IReadOnlyList<Dispute.EvidenceItem> Evidence { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Open(transaction, id, body, caller.Subject),
            dispute => Answer.Created($"/internal/v1/disputes/{dispute.Id}", dispute) with
            {
                Version = dispute.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Dispute>> Open(
        Transaction transaction, Guid lineId, Request body, string subject)
    {
        if (Check(body) is { } unsound) return unsound;
        if (await transaction.SingleOrDefault<LineRow>(SelectLine, new { Line = lineId }) is not { } line)
        {
            return Refusal.NotFound("statement-line", $"{lineId}");
        }

        var statement = (await StatementRows.LoadForUpdate(transaction, line.StatementId))!;

        var next = StatementStates.After(statement.State, StatementAction.Dispute);
        if (next.Refusal is { } forbidden) return forbidden;
        if (body.Claimed is { } said && said.Currency != statement.Total.Currency)
        {
            return Refusal.Rejected(
                "currency-mismatch", $"The statement is in {statement.Total.Currency}.", "/claimed/currency");
        }

        var claimed = DisputeClaim.Of(line.Amount, body.Claimed?.Amount);
        if (claimed.Refusal is { } refusal) return refusal;
        if (await transaction.Scalar<Guid?>(SelectStanding, new { Line = lineId }) is { } standing)
        {
            return Refusal.Conflict("line-disputed", $"Dispute {standing} is about this line already.");
        }

        await transaction.Execute(UpdateStatement, new { Statement = statement.Id, Next = next.Value });
        return await Insert(transaction, statement, lineId, body, claimed.Value, subject);
    }

    private static Refusal? Check(Request body)
    {
        var fields = new Fields()
            .Text("/reason", body.Reason, MaxReasonLength)
            .Count("/evidence", body.Evidence.Count, MaxEvidence, min: 0);
        for (var i = 0; i < body.Evidence.Count && i < MaxEvidence; i++)
        {
            fields
                .Text($"/evidence/{i}/title", body.Evidence[i].Title)
                .Text($"/evidence/{i}/reference", body.Evidence[i].Reference, MaxReferenceLength);
        }

        return fields.Refusal;
    }

    private static async Task<Dispute> Insert(
        Transaction transaction, Statement statement, Guid line, Request body, decimal claimed, string subject)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        await transaction.Execute(
            InsertDispute,
            new
            {
                Id = id,
                Statement = statement.Id,
                Line = line,
                statement.Department,
                Claimed = claimed,
                body.Reason,
                Evidence = JsonSerializer.Serialize(body.Evidence, Wire.Options),
                transaction.Now,
                Subject = subject,
            });
        return (await DisputeRows.Load(transaction, id))!;
    }

    private sealed record LineRow
    {
        public required Guid StatementId { get; init; }

        public required decimal Amount { get; init; }
    }

    private const string SelectLine = "select statement_id, amount from chargeback.statement_lines where id = @Line";

    private const string SelectStanding = """
        select id from chargeback.disputes where line_id = @Line and state <> 'withdrawn'
        """;

    private const string UpdateStatement = """
        update chargeback.statements
        set state = @Next, version = version + 1
        where id = @Statement and state <> @Next
        """;

    private const string InsertDispute = """
        insert into chargeback.disputes (
            id, statement_id, line_id, department_code, state, version, claimed, reason, evidence, opened_at, opened_by)
        values (
            @Id, @Statement, @Line, @Department, 'open', 1, @Claimed, @Reason, @Evidence::jsonb, @Now, @Subject)
        """;
}
