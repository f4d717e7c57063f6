using ExternalServices.Api.Payments;
using ExternalServices.Domain.Ledger;
using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>
/// Takes a balance back that was taken over in error. Documents and payments have ways of their own.
/// </summary>
public static class ReverseTransaction
{
    public static Task<IResult> Handle(Guid id, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reverse(transaction, id),
            booked => Answer.Created($"/external/v1/ledger/transactions/{booked.Id}", booked),
            cancellationToken);

    private static async Task<Outcome<BookedTransaction>> Reverse(Transaction transaction, Guid id)
    {
        if (await GetLedgerTransaction.Read(transaction, id) is not { } booked)
        {
            return Refusal.NotFound("ledger-transaction", $"{id}");
        }

        if (booked.Kind != LedgerKind.OpeningBalance)
        {
            return Refusal.Conflict(
                "not-reversible",
                "Only balances taken over are reversed here: invoices by credit notes, payments by their reversal.");
        }

        if (await TakenOver.TakeBack(transaction, id) is { } used) return used;
        var reversal = Guid.CreateVersion7(transaction.Now);
        var day = DateOnly.FromDateTime(transaction.Now.UtcDateTime);
        try
        {
            await LedgerWriter.Post(
                transaction, MirrorOf(booked, reversal, day < booked.Day ? booked.Day : day));
        }
        catch (PostgresException violation) when (violation.ConstraintName == "transactions_reverses_key")
        {
            return Refusal.Conflict("already-reversed", $"{id} was reversed already.");
        }

        return (await GetLedgerTransaction.Read(transaction, reversal))!;
    }

    /// <summary>The mirror of what is stored, whatever today's rules would book.</summary>
    internal static LedgerTransaction MirrorOf(BookedTransaction booked, Guid id, DateOnly day)
    {
        var fact = new LedgerFact
        {
            Id = booked.Id,
            LegalEntity = booked.LegalEntity,
            Customer = booked.Customer,
            Kind = booked.Kind,
            Day = booked.Day,
            Description = booked.Description,
        };
        var entries = booked.Entries.Select(entry => new LedgerEntry(entry.Account, entry.Amount, entry.Detail));
        return LedgerTransaction.Of(fact, entries).Mirror(id, day, $"Reversal: {booked.Description}");
    }
}
