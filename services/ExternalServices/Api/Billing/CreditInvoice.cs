using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Takes some of an invoice back.</summary>
public static class CreditInvoice
{
    private const int MaxLines = 1000;

    public sealed record Request
    {
        /// <summary>Printed on the note.</summary>
        public required string Reason { get; init; }

        /// <summary>What is taken back, before tax.</summary>
        public required IReadOnlyList<Line> Lines { get; init; }

        /// <summary>How much of what exceeds the amount due is paid back.</summary>
        public decimal Refund { get; init; }

        /// <summary>How much of what exceeds the amount due is kept for later invoices.</summary>
        public decimal Balance { get; init; }
    }

    public sealed record Line
    {
        /// <summary>Number of the invoice's line.</summary>
        public required int Number { get; init; }

        /// <summary>Before tax, in the invoice's currency.</summary>
        public required decimal Amount { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Caller caller, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Credit(transaction, id, body, caller, outbox),
            note => Answer.Created($"/external/v1/credit-notes/{note.Id}", note),
            cancellationToken);

    private static async Task<Outcome<CreditNote>> Credit(
        Transaction transaction, Guid id, Request body, Caller caller, Outbox outbox)
    {
        var fields = new Fields().Text("/reason", body.Reason).Count("/lines", body.Lines.Count, MaxLines);
        if (fields.Refusal is { } invalid) return invalid;
        if ((await InvoiceAccount.Lock(transaction, id)).SingleOrDefault() is not { } account)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        var receivable = account.Receivable;
        if (InvoiceStates.After(receivable.State, InvoiceAction.Credit).Refusal is { } refusal) return refusal;
        var credits = await CreditIssuing.CreditsOf(transaction, account, receivable.Due);
        var credited = credits.Credit(new CreditNoteRequest(
            [.. body.Lines.Select(line => new CreditedLine(CreditIssuing.IdOf(line.Number), line.Amount))],
            new CreditSettlement(body.Refund, body.Balance)));
        if (credited.Refusal is { } uncreditable) return uncreditable with { Pointer = PointerOf(uncreditable) };

        var note = await CreditIssuing.Issue(
            transaction, account, credited.Value, body.Reason, caller.Subject, outbox);
        await account.Save(transaction, receivable.Credit(credited.Value), outbox);
        return (await GetCreditNote.Read(transaction, note))!;
    }

    /// <summary>The lines of an invoice are known by their numbers.</summary>
    private static string? PointerOf(Refusal refusal) =>
        refusal is { Code: "line-not-found", Pointer: { } pointer }
            ? $"{pointer[..pointer.LastIndexOf('/')]}/number"
            : refusal.Pointer;
}
