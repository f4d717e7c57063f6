using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>
/// Undoes balances that were taken over: the same with the sides exchanged, in their month or, where that takes nothing
/// any more, in the earliest open one after it.
/// </summary>
public static class ReverseJournalTransaction
{
    public static Task<IResult> Handle(Guid id, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reverse(transaction, id, caller.Subject),
            mirror => Answer.Created($"/internal/v1/journal/transactions/{mirror.Id}", mirror),
            cancellationToken);

    private static async Task<Outcome<JournalTransaction>> Reverse(Transaction transaction, Guid id, string subject)
    {
        var months = await OpenMonths.Hold(transaction);
        await transaction.Execute(Lock, new { Lock = BitConverter.ToInt64(id.ToByteArray(), sizeof(long)) });
        if (await JournalTransaction.Load(transaction, id) is not { } booked)
        {
            return Refusal.NotFound("journal-transaction", $"{id}");
        }

        if (booked.Kind != TransactionKind.OpeningBalance)
        {
            return Refusal.Conflict(
                "not-reversible", $"A {booked.Kind.Spelled()} is undone by the operation that it belongs to.");
        }

        if (booked.ReversedBy is { } earlier)
        {
            return Refusal.Conflict("already-reversed", $"Transaction {earlier} reverses it.");
        }

        var month = months.LandingOf(booked.Month);
        await months.Begin(transaction, [month]);
        var mirror = Guid.CreateVersion7(transaction.Now);
        await transaction.Execute(
            InsertTransaction,
            new { Id = id, Mirror = mirror, Month = month, transaction.Now, Subject = subject });
        await transaction.Execute(InsertEntries, new { Id = id, Mirror = mirror });
        return (await JournalTransaction.Load(transaction, mirror))!;
    }

    private const string Lock = "select pg_advisory_xact_lock(hashtext('chargeback.journal'), hashint8(@Lock))";

    private const string InsertTransaction = """
        insert into chargeback.journal_transactions (
            id, month, kind, description, currency, posted_at, posted_by, reverses)
        select @Mirror, @Month, 'reversal', description, currency, @Now, @Subject, id
        from chargeback.journal_transactions
        where id = @Id
        """;

    private const string InsertEntries = """
        insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
        select @Mirror, position, account_kind, account_code, -amount
        from chargeback.journal_entries
        where transaction_id = @Id
        """;
}
