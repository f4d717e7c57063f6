using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>Grants all or part of a claim: another department bears it, in the earliest month that is open.</summary>
public static class AcceptDispute
{
    public const int MaxExplanationLength = 2000;

    public sealed record Request
    {
        /// <summary>Code of the department that bears what is granted; <c>UNALLOCATED</c> where none does.</summary>
        public required string Counterparty { get; init; }

        /// <summary>The whole claim when not said; less accepts it partially.</summary>
        public Money? Granted { get; init; }

        /// <summary>Why; both departments read it.</summary>
        public required string Explanation { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Accept(transaction, id, body, caller.Subject),
            dispute => Answer.Ok(dispute) with { Version = dispute.Version },
            cancellationToken);

    private static async Task<Outcome<Dispute>> Accept(
        Transaction transaction, Guid id, Request body, string subject)
    {
        var fields = new Fields()
            .Code("/counterparty", body.Counterparty)
            .Text("/explanation", body.Explanation, MaxExplanationLength);
        if (fields.Refusal is { } unsound) return unsound;

        // A close takes the months before it takes statements.
        var months = await OpenMonths.Hold(transaction);
        if (await DisputeRows.LoadForUpdate(transaction, id) is not { } dispute)
        {
            return Refusal.NotFound("dispute", $"{id}");
        }

        var credit = DisputeStates.After(dispute.State, DisputeAction.Accept).Then(_ => Grant(dispute, body));
        if (credit.Refusal is { } refusal) return refusal;
        if (!await transaction.Scalar<bool>(SelectDepartment, new { body.Counterparty }))
        {
            return Refusal.Rejected(
                "counterparty-not-found", $"There is no active department '{body.Counterparty}'.", "/counterparty");
        }

        var month = months.EarliestOpen(dispute.Month);
        await months.Begin(transaction, [month]);
        await transaction.Execute(
            Update,
            new
            {
                Id = id,
                State = credit.Value.StateFor(dispute.Claimed.Amount),
                Granted = credit.Value.Amount,
                body.Counterparty,
                Month = month,
                body.Explanation,
                transaction.Now,
                Subject = subject,
            });
        await DisputeBooking.Book(transaction, dispute, credit.Value, month, subject);
        await DisputeRows.SettleStatement(transaction, dispute.StatementId);
        return (await DisputeRows.Load(transaction, id))!;
    }

    private static Outcome<DisputeCredit> Grant(Dispute dispute, Request body) =>
        body.Granted is { } granted && granted.Currency != dispute.Claimed.Currency
            ? Refusal.Rejected("currency-mismatch", $"The claim is in {dispute.Claimed.Currency}.", "/granted/currency")
            : DisputeCredit.Grant(
                dispute.Department,
                body.Counterparty,
                dispute.Claimed.Amount,
                body.Granted?.Amount ?? dispute.Claimed.Amount);

    private const string SelectDepartment = """
        select exists (select from organisation.departments where code = @Counterparty and active)
        """;

    private const string Update = """
        update chargeback.disputes
        set state = @State, version = version + 1, granted = @Granted, counterparty_code = @Counterparty,
            booked_month = @Month, explanation = @Explanation, decided_at = @Now, decided_by = @Subject
        where id = @Id
        """;
}
