using InternalServices.Domain.Chargeback.Disputes;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Disputes;

/// <summary>The journal of disputes.</summary>
internal static class DisputeBooking
{
    public static async Task Book(
        Transaction transaction, Dispute dispute, DisputeCredit credit, Period month, string subject)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        var postings = credit.Postings;
        await transaction.Execute(
            InsertTransaction,
            new
            {
                Id = id,
                Month = month,
                Dispute = dispute.Id,
                Line = dispute.LineId,
                Disputed = $"{dispute.Month}",
                dispute.Claimed.Currency,
                transaction.Now,
                Subject = subject,
            });
        await transaction.Execute(
            InsertEntries,
            new
            {
                Id = id,
                Kinds = postings.Select(posting => posting.Account).ToArray(),
                Codes = postings.Select(posting => posting.Code).ToArray(),
                Amounts = postings.Select(posting => posting.Amount).ToArray(),
                Counterparties = postings.Select(posting => posting.Code).Reverse().ToArray(),
            });
    }

    /// <summary>
    /// The run whose lines were disputed is undone: disputes that wait are over, and credits that were granted are
    /// mirrored, because what they corrected stands no more.
    /// </summary>
    public static async Task Undo(Transaction transaction, Guid run, string subject)
    {
        await transaction.Execute(UpdateWaiting, new { Run = run, transaction.Now, Subject = subject });
        var booked = await transaction.Query<BookedRow>(SelectBooked, new { Run = run });
        if (booked.Count == 0) return;

        var months = await OpenMonths.Hold(transaction);
        var landing = booked.Select(credit => months.EarliestOpen(credit.Month)).ToArray();
        await months.Begin(transaction, landing);
        var ids = booked.Select(_ => Guid.CreateVersion7(transaction.Now)).ToArray();
        await transaction.Execute(
            InsertMirrors,
            new
            {
                Ids = ids,
                Reversed = booked.Select(credit => credit.Id).ToArray(),
                Months = landing,
                transaction.Now,
                Subject = subject,
            });
        await transaction.Execute(InsertMirroredEntries, new { Ids = ids });
    }

    private sealed record BookedRow
    {
        public required Guid Id { get; init; }

        public required Period Month { get; init; }
    }

    private const string InsertTransaction = """
        insert into chargeback.journal_transactions (
            id, month, dispute_id, kind, description, currency, posted_at, posted_by)
        select @Id, @Month, @Dispute, 'dispute', 'Dispute about ' || pool_name || ' of ' || @Disputed, @Currency, @Now,
            @Subject
        from chargeback.statement_lines
        where id = @Line
        """;

    private const string InsertEntries = """
        insert into chargeback.journal_entries (
            transaction_id, position, account_kind, account_code, amount, counterparty_code)
        select @Id, number, kind, code, amount, counterparty
        from unnest(@Kinds, @Codes, @Amounts, @Counterparties)
            with ordinality as entry (kind, code, amount, counterparty, number)
        """;

    private const string UpdateWaiting = """
        update chargeback.disputes
        set state = 'withdrawn', version = version + 1, decided_at = @Now, decided_by = @Subject,
            explanation = 'The run of the statement was reversed.'
        where state in ('open', 'underReview')
            and statement_id in (select id from chargeback.statements where run_id = @Run)
        """;

    private const string SelectBooked = """
        select booked.id, booked.month
        from chargeback.statements statement
        join chargeback.disputes dispute on dispute.statement_id = statement.id
        join chargeback.journal_transactions booked on booked.dispute_id = dispute.id
        where statement.run_id = @Run
            and not exists (select from chargeback.journal_transactions mirror where mirror.reverses = booked.id)
        """;

    private const string InsertMirrors = """
        insert into chargeback.journal_transactions (
            id, month, kind, description, currency, posted_at, posted_by, reverses)
        select mirror.id, mirror.month, 'reversal', booked.description, booked.currency, @Now, @Subject, booked.id
        from unnest(@Ids, @Reversed, @Months) as mirror (id, reverses, month)
        join chargeback.journal_transactions booked on booked.id = mirror.reverses
        """;

    private const string InsertMirroredEntries = """
        insert into chargeback.journal_entries (
            transaction_id, position, account_kind, account_code, amount, counterparty_code)
        select mirror.id, entry.position, entry.account_kind, entry.account_code, -entry.amount, entry.counterparty_code
        from chargeback.journal_transactions mirror
        join chargeback.journal_entries entry on entry.transaction_id = mirror.reverses
        where mirror.id = any(@Ids)
        """;
}
