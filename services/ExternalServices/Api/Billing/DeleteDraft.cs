using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Takes a draft away; what it would have billed is due again.</summary>
public static class DeleteDraft
{
    public static async Task<IResult> Handle(
        Guid id, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Delete(transaction, id, ifMatch), cancellationToken),
            _ => Answer.NoContent());

    private static async Task<Outcome<Guid>> Delete(Transaction transaction, Guid id, IfMatch ifMatch)
    {
        if (await transaction.SingleOrDefault<Current>(SelectForUpdate, new { Id = id }) is not { } current)
        {
            return Refusal.NotFound("invoice", $"{id}");
        }

        if (ifMatch.Check(current.Version) is { } stale) return stale;
        if (InvoiceStates.After(current.State, InvoiceAction.Delete).Refusal is { } refusal) return refusal;

        if (await transaction.Scalar<bool>(IsAdjusted, new { Id = id }))
        {
            return Refusal.Conflict(
                "draft-adjusted", "Another invoice adjusts lines of this one to late usage.", "draft", "finalize");
        }

        await transaction.Execute(DeleteParts, new { Id = id });
        await transaction.Execute(DeleteInvoice, new { Id = id });
        return id;
    }

    private sealed record Current
    {
        public required InvoiceState State { get; init; }

        public required int Version { get; init; }
    }

    private const string SelectForUpdate = "select state, version from billing.invoices where id = @Id for update";

    private const string IsAdjusted = """
        select exists (
            select from billing.invoice_lines line
            join billing.invoice_lines adjusted
                on adjusted.contract = line.contract and adjusted.charge = line.charge
                and adjusted.period_from = line.period_from and adjusted.invoice <> line.invoice
                and adjusted.released_at is null
            where line.invoice = @Id
                and ((line.kind in ('charge', 'lateUsage') and adjusted.kind = 'lateUsage')
                    or (line.kind = 'trueUp' and adjusted.kind = 'trueUp'))
                and adjusted.cause > case line.kind when 'charge' then 0 else line.cause end)
        """;

    private const string DeleteParts = """
        with taxes as (delete from billing.invoice_taxes where invoice = @Id)
        delete from billing.invoice_lines where invoice = @Id
        """;

    private const string DeleteInvoice = "delete from billing.invoices where id = @Id";
}
