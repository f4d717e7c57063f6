using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>What departments do not agree with.</summary>
public static class DisputeEndpoints
{
    public const string Tag = "Disputes";

    private const string WrongState = "Its state does not allow it; `allowed` says what it does.";

    public static void MapDisputes(this IEndpointRouteBuilder routes)
    {
        routes.MapGroup("/internal/v1/statement-lines/{id:guid}/disputes").WithTags(Tag).Allow(Callers.Department)
            .MapPost("", OpenDispute.Handle)
            .Describe(
                "openDispute",
                "Open a dispute",
                """
                The department does not agree with a line of its statement: why, with what evidence, and how much of the
                line it should not bear. The statement is disputed until every dispute about it is decided or
                withdrawn. Statements that are acknowledged or settled are not disputed any more.
                """)
            .RequireIdempotencyKey()
            .Answers<Dispute>(StatusCodes.Status201Created)
            .Refuses(409, "statement-state", WrongState)
            .Refuses(409, "line-disputed", "A dispute about the line is open or decided.")
            .Refuses(422, "nothing-to-dispute", "The line charges nothing.")
            .Refuses(422, "claim-out-of-range", "More than the line, or nothing, is claimed.")
            .Refuses(422, "currency-mismatch", "The claim is in another currency than the statement.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        var disputes = routes.MapGroup("/internal/v1/disputes").WithTags(Tag);
        MapReading(disputes);
        MapDeciding(disputes);
    }

    private static void MapReading(RouteGroupBuilder disputes)
    {
        disputes.MapGet("", ListDisputes.Handle)
            .Allow(Callers.Provider | Callers.Department)
            .Describe(
                "listDisputes",
                "List disputes",
                """
                The latest first; those about the statements of one month, of one department, about one statement, and
                those that are decided or not (`undecided`), when given. A department sees its own.
                """)
            .Answers<Page<Dispute>>();
        disputes.MapGet("/{id:guid}", GetDispute.Handle)
            .Allow(Callers.Provider | Callers.Department)
            .Describe("getDispute", "Read a dispute", "With what came of it. Another department's answers 404.")
            .Answers<Dispute>();
        disputes.MapPost("/{id:guid}/withdraw", WithdrawDispute.Handle)
            .Allow(Callers.Department)
            .Describe("withdrawDispute", "Withdraw a dispute", "The department gives it up before it is decided.")
            .Answers<Dispute>()
            .Refuses(409, "dispute-state", WrongState);
    }

    private static void MapDeciding(RouteGroupBuilder disputes)
    {
        disputes.MapPost("/{id:guid}/review", ReviewDispute.Handle)
            .Allow(Callers.Provider)
            .Describe("reviewDispute", "Take a dispute up", "The provider looks into it; then it can be decided.")
            .Answers<Dispute>()
            .Refuses(409, "dispute-state", WrongState);
        disputes.MapPost("/{id:guid}/accept", AcceptDispute.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "acceptDispute",
                "Accept a dispute",
                """
                Another department bears all of the claim, or the part that `granted` says (`partiallyAccepted`). A pair
                in the journal of the earliest open month credits the one and debits the other, each entry naming the
                other, and that month's statements show it as lines of kind `disputeCredit`. The disputed line stays as
                it is.
                """)
            .RequireIdempotencyKey()
            .Answers<Dispute>()
            .Refuses(409, "dispute-state", WrongState)
            .Refuses(422, "granted-out-of-range", "More than was claimed, or nothing, is granted.")
            .Refuses(422, "counterparty-same", "The department would bear itself what it is granted.")
            .Refuses(422, "counterparty-external", "External customers would bear it.")
            .Refuses(422, "counterparty-not-found", "There is no such active department.")
            .Refuses(422, "currency-mismatch", "The amount is in another currency than the claim.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        disputes.MapPost("/{id:guid}/reject", RejectDispute.Handle)
            .Allow(Callers.Provider)
            .Describe("rejectDispute", "Reject a dispute", "The line stays as it is, and the department reads why.")
            .Answers<Dispute>()
            .Refuses(409, "dispute-state", WrongState)
            .Refuses(422, "invalid-fields", "The explanation is not of the documented form.");
    }
}
