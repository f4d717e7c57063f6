using System.Globalization;
using ExternalServices.Api.Documents;
using ExternalServices.Api.Ledger;
using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Gives a draft its number; from then on it never changes.</summary>
public static class FinalizeInvoice
{
    public static Task<IResult> Handle(Guid id, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Finalize(transaction, id, outbox),
            invoice => Answer.Ok(invoice) with { Version = invoice.Version },
            cancellationToken);

    internal static async Task<Outcome<Invoice>> Finalize(Transaction transaction, Guid id, Outbox outbox)
    {
        if (await transaction.SingleOrDefault<Draft>(SelectForUpdate, new { Id = id }) is not { } draft)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        if (InvoiceStates.After(draft.State, InvoiceAction.Finalize).Refusal is { } refusal) return refusal;

        var invoice = (await GetInvoice.Read(transaction, id))!;
        if (En16931Rules.Refuse(EInvoices.Of(invoice)) is { } broken) return broken;

        // The series is locked from here to the commit, so as little as possible follows.
        var today = LocalDay.Of(transaction.Now, TimeZoneInfo.FindSystemTimeZoneById(draft.Zone));
        var taken = (await NumberTaking.Take(transaction, (draft.LegalEntity, 1, today)))[0];
        var final = invoice with
        {
            State = InvoiceStates.Issued(invoice.Gross.Amount),
            Due = invoice.Gross,
            Number = taken.Number(taken.First),
            IssueDate = taken.IssueDate,
            DueDate = taken.IssueDate.AddDays(draft.PaymentTermsDays),
            FinalizesAt = null,
            FinalizedAt = transaction.Now,
            Version = invoice.Version + 1,
        };
        await transaction.Execute(
            Update,
            new
            {
                final.Id,
                final.State,
                taken.Year,
                Sequence = taken.First,
                final.Number,
                final.IssueDate,
                final.DueDate,
                final.FinalizedAt,
                final.Version,
            });
        await LedgerWriter.Post(transaction, Booked(final));
        await outbox.Add(transaction, Issued(final, transaction.Now));
        return final;
    }

    internal static LedgerTransaction Booked(Invoice invoice) => IssueBooking.Of(
        invoice.Id,
        invoice.LegalEntity,
        invoice.Customer,
        invoice.IssueDate!.Value,
        invoice.Number ?? "",
        invoice.Net.Currency,
        invoice.Net.Amount,
        invoice.Taxes.Select(tax => new TaxGroup(tax.Category, tax.Rate, tax.Base.Amount, tax.Tax.Amount)));

    private static InvoiceIssued Issued(Invoice invoice, DateTimeOffset now) => new()
    {
        EventId = Guid.CreateVersion7(now),
        OccurredAt = now,
        AggregateId = $"{invoice.Id}",
        AggregateVersion = 1,
        Number = invoice.Number!,
        Customer = invoice.Customer,
        LegalEntity = invoice.LegalEntity,
        IssueDate = invoice.IssueDate!.Value.ToString("O", CultureInfo.InvariantCulture),
        Currency = invoice.Gross.Currency.Code,
        Net = invoice.Net.Amount,
        Tax = invoice.Tax.Amount,
        Gross = invoice.Gross.Amount,
    };

    private sealed record Draft
    {
        public required InvoiceState State { get; init; }

        public required string LegalEntity { get; init; }

        public required string Zone { get; init; }

        public required int PaymentTermsDays { get; init; }
    }

    private const string SelectForUpdate = """
        select i.state, i.legal_entity, entity.zone, customer.payment_terms_days
        from billing.invoices i
        join parties.legal_entities entity on entity.code = i.legal_entity
        join parties.customers customer on customer.code = i.customer
        where i.id = @Id
        for update of i
        """;

    private const string Update = """
        update billing.invoices
        set state = @State, year = @Year, sequence = @Sequence, number = @Number, issue_date = @IssueDate,
            due_date = @DueDate, finalized_at = @FinalizedAt, finalizes_at = null, version = @Version
        where id = @Id
        """;
}
