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

    private const string DeleteParts = """
        with taxes as (delete from billing.invoice_taxes where invoice = @Id)
        delete from billing.invoice_lines where invoice = @Id
        """;

    private const string DeleteInvoice = "delete from billing.invoices where id = @Id";
}
