using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>Explains what a dispute moved: no pool of the month is behind it, but a decision.</summary>
internal static class DisputedLine
{
    public static async Task<Explanation> Explain(
        Transaction transaction, ExplainStatementLine.LineRow line, Guid dispute)
    {
        var explanation = new Explanation
        {
            LineId = line.Id,
            StatementId = line.StatementId,
            Month = line.Month,
            Department = line.DepartmentCode,
            Kind = line.Kind,
            Amount = new Money(line.Amount, line.Currency),
            Pool = null,
            Dispute = await transaction.Single<Explanation.DisputePart>(Select, new { Dispute = dispute }),
            Driver = null,
            RateCard = null,
            Rounding = new Explanation.RoundingPart
            {
                Exact = Exact.Trimmed(line.Exact),
                CutOff = new Money(line.Amount, line.Currency),
                Units = 0,
                ReceivedBy = [],
            },
            Flows = [],
            Sentences = [],
        };
        return explanation with { Sentences = ExplanationText.Of(explanation) };
    }

    private const string Select = """
        select dispute.id, line.pool_name, statement.month, dispute.department_code as department,
            dispute.counterparty_code as counterparty, dispute.explanation as reason
        from chargeback.disputes dispute
        join chargeback.statements statement on statement.id = dispute.statement_id
        join chargeback.statement_lines line on line.id = dispute.line_id
        where dispute.id = @Dispute
        """;
}
