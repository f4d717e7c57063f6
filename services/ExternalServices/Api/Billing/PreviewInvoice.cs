using ExternalServices.Api.Documents;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What finalizing a draft now would give; nothing is changed.</summary>
public sealed record InvoicePreview
{
    /// <summary>Without a number, which only finalizing gives.</summary>
    public required Invoice Invoice { get; init; }

    /// <summary>Rules of EN 16931 that the draft breaks: it cannot be finalized while there is one.</summary>
    public required IReadOnlyList<RuleViolation> Violations { get; init; }

    /// <summary>How it would be booked.</summary>
    public required IReadOnlyList<LedgerEntry> Entries { get; init; }
}

public static class PreviewInvoice
{
    public static async Task<IResult> Handle(
        Guid id, Caller caller, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(caller.Tenant, transaction => Preview(transaction, id), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<InvoicePreview>> Preview(Transaction transaction, Guid id)
    {
        if (await GetInvoice.Read(transaction, id) is not { } draft) return Refusal.NotFound("invoice", $"{id}");
        if (InvoiceStates.After(draft.State, InvoiceAction.Finalize).Refusal is { } refusal) return refusal;
        var terms = await transaction.Single<Terms>(SelectTerms, new { draft.LegalEntity, draft.Customer });
        var today = LocalDay.Of(transaction.Now, TimeZoneInfo.FindSystemTimeZoneById(terms.Zone));
        var invoice = draft with
        {
            State = InvoiceStates.Issued(draft.Gross.Amount),
            IssueDate = today,
            DueDate = today.AddDays(terms.PaymentTermsDays),
            Due = draft.Gross,
        };
        var document = EInvoices.Of(invoice);
        return new InvoicePreview
        {
            Invoice = invoice,
            Violations = En16931Rules.Refuse(document) is null ? [] : En16931Rules.Check(document),
            Entries = FinalizeInvoice.Booked(invoice).Entries,
        };
    }

    private sealed record Terms
    {
        public required string Zone { get; init; }

        public required int PaymentTermsDays { get; init; }
    }

    private const string SelectTerms = """
        select entity.zone, customer.payment_terms_days
        from parties.legal_entities entity, parties.customers customer
        where entity.code = @LegalEntity and customer.code = @Customer
        """;
}
