using InternalServices.Api.Chargeback.Disputes;
using ServiceMesh.Data;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Undoes a posted run: its statements say so, and its journal is mirrored, never changed.</summary>
internal static class RunReversal
{
    /// <param name="transaction">Holds the month's row.</param>
    /// <param name="run">Is posted.</param>
    /// <param name="reason">Stands on the run.</param>
    /// <param name="subject">Who undoes it.</param>
    public static async Task Reverse(Transaction transaction, Guid run, string reason, string subject)
    {
        await transaction.Execute(UpdateRun, new { Run = run, transaction.Now, Reason = reason, Subject = subject });
        await transaction.Execute(UpdateStatements, new { Run = run });
        await transaction.Execute(
            InsertTransaction,
            new { Id = Guid.CreateVersion7(transaction.Now), Run = run, transaction.Now, Subject = subject });
        await transaction.Execute(InsertEntries, new { Run = run });
        await DisputeBooking.Undo(transaction, run, subject);
    }

    private const string UpdateRun = """
        update chargeback.runs
        set state = 'reversed', version = version + 1, reversed_at = @Now, reversed_by = @Subject,
            reversal_reason = @Reason
        where id = @Run
        """;

    private const string UpdateStatements = """
        update chargeback.statements set state = 'reversed', version = version + 1 where run_id = @Run
        """;

    private const string InsertTransaction = """
        insert into chargeback.journal_transactions (id, month, run_id, kind, currency, posted_at, posted_by, reverses)
        select @Id, month, run_id, 'reversal', currency, @Now, @Subject, id
        from chargeback.journal_transactions
        where run_id = @Run and kind = 'posting'
        """;

    private const string InsertEntries = """
        insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
        select reversal.id, entry.position, entry.account_kind, entry.account_code, -entry.amount
        from chargeback.journal_transactions reversal
        join chargeback.journal_entries entry on entry.transaction_id = reversal.reverses
        where reversal.run_id = @Run and reversal.kind = 'reversal'
        """;
}
