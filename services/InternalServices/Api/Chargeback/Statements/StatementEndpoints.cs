using InternalServices.Api.Chargeback.Statements.Printed;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Statements;

/// <summary>What departments bear.</summary>
public static class StatementEndpoints
{
    public const string Tag = "Statements";

    public static void MapStatements(this IEndpointRouteBuilder routes)
    {
        var statements = routes.MapGroup("/internal/v1/statements")
            .WithTags(Tag)
            .Allow(Callers.Provider | Callers.Department);
        statements.MapGet("", ListStatements.Handle)
            .Describe(
                "listStatements",
                "List statements",
                """
                The latest month first, then by department; of one month or department when given. A department sees its
                own.
                """)
            .Answers<Page<Statement>>();
        statements.MapGet("/{id:guid}", GetStatement.Handle)
            .Describe(
                "getStatement",
                "Read a statement",
                """
                With its lines, beside budget and last month. As JSON, as CSV (a row for each line), or printed as HTML
                or PDF with a chart, in the language that `Accept-Language` likes best (English or Spanish). Another
                department's answers 404.
                """)
            .Answers<GetStatement.Document>()
            .AlsoAs(StatementForms.Others);
        statements.MapPost("/{id:guid}/acknowledge", AcknowledgeStatement.Handle)
            .Allow(Callers.Department)
            .Describe(
                "acknowledgeStatement",
                "Acknowledge a statement",
                """
                The department agrees. A statement that nobody acknowledges counts as acknowledged at
                `acknowledgeBy`.
                """)
            .Answers<Statement>()
            .Refuses(409, "statement-state", "It is acknowledged already, disputed, settled or reversed.");
        routes.MapGroup("/internal/v1/statement-lines").WithTags(Tag).Allow(Callers.Provider | Callers.Department)
            .MapGet("/{id:guid}/explanation", ExplainStatementLine.Handle)
            .Describe(
                "explainStatementLine",
                "Explain a statement line",
                """
                What the pool cost and what that is made of, the driver's quantities and share, and the rounding: who
                got the cent. A department explains its own lines; another's answers 404.
                """)
            .Answers<Explanation>();
    }
}
