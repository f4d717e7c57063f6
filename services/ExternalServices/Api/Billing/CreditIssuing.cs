using System.Globalization;
using ExternalServices.Api.Ledger;
using ExternalServices.Api.Parties;
using ExternalServices.Api.Payments;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ExternalServices.Domain.Tax;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Issues a credit note over a locked invoice: number, document, money and books in one transaction.</summary>
internal static class CreditIssuing
{
    /// <summary>The invoice's lines with what earlier notes have credited of them.</summary>
    public static async Task<InvoiceCredits> CreditsOf(Transaction transaction, InvoiceAccount account, decimal due)
    {
        var lines = await transaction.Query<Line>(SelectLines, new { account.Id });
        return InvoiceCredits.Resume(
            account.Currency,
            [
                .. lines.Select(line => new CreditableLine(
                    IdOf(line.Number), line.Net, line.TaxCategory, line.TaxRate, line.Credited)),
            ],
            due);
    }

    public static string IdOf(int line) => line.ToString(CultureInfo.InvariantCulture);

    /// <returns>The note's id.</returns>
    public static async Task<Guid> Issue(
        Transaction transaction,
        InvoiceAccount account,
        CreditedInvoice credited,
        string reason,
        string subject,
        Outbox outbox)
    {
        var note = credited.Note;
        var today = account.Today(transaction.Now);
        var taken = (await NumberTaking.Take(transaction, DocumentType.CreditNote, (account.LegalEntity, 1, today)))[0];
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = account.LegalEntity,
            Customer = account.Customer,
            Kind = LedgerKind.Credit,
            Day = taken.IssueDate,
            Description = $"Credit note {taken.Number(taken.First)}",
        };
        await Insert(transaction, account, taken, fact.Id, note, reason, subject);
        await LedgerWriter.Post(transaction, Bookings.Credit(fact, account.Currency, note));
        if (note.Excess > 0)
        {
            var fund = new NewFund(
                fact.Id, FundKind.CreditNote, account.Customer, account.LegalEntity, fact.Day, fact.Description);
            await Funds.Add(transaction, fund, new Money(note.Excess, account.Currency), subject);
        }

        if (note.Settlement.Refund > 0)
        {
            var refund = new Money(note.Settlement.Refund, account.Currency);
            await Refunding.Refund(transaction, fact.Id, refund, fact.Day, fact.Description, subject);
        }

        await outbox.Add(transaction, Issued(account, fact, taken.Number(taken.First), note, transaction.Now));
        return fact.Id;
    }

    private static Task<int> Insert(
        Transaction transaction,
        InvoiceAccount account,
        TakenNumbers taken,
        Guid id,
        Domain.Billing.CreditNote note,
        string reason,
        string subject) =>
        transaction.Execute(
            InsertNote,
            new
            {
                Id = id,
                Invoice = account.Id,
                account.Customer,
                account.CustomerVersion,
                account.LegalEntity,
                account.LegalEntityVersion,
                account.Currency,
                taken.Year,
                Sequence = taken.First,
                Number = taken.Number(taken.First),
                taken.IssueDate,
                Reason = reason,
                note.Net,
                note.Tax,
                Gross = note.Total,
                Refunded = note.Settlement.Refund,
                OnBalance = note.Settlement.Balance,
                transaction.Now,
                Subject = subject,
                Lines = note.Lines.Select(line => int.Parse(line.Line, CultureInfo.InvariantCulture)).ToArray(),
                Nets = note.Lines.Select(line => line.Amount).ToArray(),
                Categories = note.Taxes.Select(tax => tax.Category).ToArray(),
                Rates = note.Taxes.Select(tax => tax.Rate).ToArray(),
                Bases = note.Taxes.Select(tax => tax.Base).ToArray(),
                Taxes = note.Taxes.Select(tax => tax.Tax).ToArray(),
            });

    private static CreditNoteIssued Issued(
        InvoiceAccount account, LedgerFact fact, string number, Domain.Billing.CreditNote note, DateTimeOffset now) =>
        new()
        {
            EventId = Guid.CreateVersion7(now),
            OccurredAt = now,
            AggregateId = $"{fact.Id}",
            AggregateVersion = 1,
            Number = number,
            Invoice = account.Number!,
            Customer = account.Customer,
            LegalEntity = account.LegalEntity,
            IssueDate = fact.Day.ToString("O", CultureInfo.InvariantCulture),
            Currency = account.Currency.Code,
            Net = note.Net,
            Tax = note.Tax,
            Gross = note.Total,
        };

    private sealed record Line
    {
        public required int Number { get; init; }

        public required decimal Net { get; init; }

        public required TaxCategory TaxCategory { get; init; }

        public required decimal TaxRate { get; init; }

        public required decimal Credited { get; init; }
    }

    private const string SelectLines = """
        select line.number, line.net, line.tax_category, trim_scale(line.tax_rate) as tax_rate,
            coalesce(sum(credited.net), 0) as credited
        from billing.invoice_lines line
        left join billing.credit_note_lines credited
            on credited.invoice = line.invoice and credited.line = line.number
        where line.invoice = @Id
        group by line.invoice, line.number
        order by line.number
        """;

    /// <summary>A line that the request names twice is one line of the note.</summary>
    private const string InsertNote = """
        with note as (
            insert into billing.credit_notes (
                id, invoice, customer, customer_version, legal_entity, legal_entity_version, currency, year, sequence,
                number, issue_date, reason, net, tax, gross, refunded, on_balance, created_at, created_by)
            values (
                @Id, @Invoice, @Customer, @CustomerVersion, @LegalEntity, @LegalEntityVersion, @Currency, @Year,
                @Sequence, @Number, @IssueDate, @Reason, @Net, @Tax, @Gross, @Refunded, @OnBalance, @Now, @Subject)
        ), lines as (
            insert into billing.credit_note_lines (credit_note, invoice, line, customer, net)
            select @Id, @Invoice, line, @Customer, sum(net)
            from unnest(@Lines, @Nets) as credited (line, net)
            group by line
        )
        insert into billing.credit_note_taxes (
            credit_note, customer, category, rate, base, tax, reason_code, reason)
        select @Id, @Customer, credited.category, credited.rate, credited.base, credited.tax, taxed.reason_code,
            taxed.reason
        from unnest(@Categories, @Rates, @Bases, @Taxes) as credited (category, rate, base, tax)
        join billing.invoice_taxes taxed
            on taxed.invoice = @Invoice and taxed.category = credited.category and taxed.rate = credited.rate
        """;
}
