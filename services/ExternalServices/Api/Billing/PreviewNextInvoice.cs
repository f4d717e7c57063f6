using ExternalServices.Api.Billing.Running;
using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What a run will bill to a contract when the month is over, by what is known now.</summary>
public static class PreviewNextInvoice
{
    public static async Task<IResult> Handle(
        string code,
        Period? month,
        Caller caller,
        Database database,
        PlanTerms plans,
        CancellationToken cancellationToken)
    {
        // Whether the caller may see the contract is for the database to say; what it will cost takes more than that.
        var isSeen = await database.Read(
            caller.Tenant,
            async transaction => await SignedContract.Read(transaction, code) is not null,
            cancellationToken);
        return isSeen
            ? Answer.Of(
                await database.Read(
                    Tenant.Provider, transaction => Preview(transaction, code, month, plans), cancellationToken),
                Answer.Ok)
            : Problem.Of(Refusal.NotFound("contract", code));
    }

    private static async Task<Outcome<NextInvoice>> Preview(
        Transaction transaction, string code, Period? month, PlanTerms plans)
    {
        var contract = await Chunk.ReadOne(transaction, code);
        var current = Period.Of(transaction.Now, contract.Zone);
        var billed = month ?? current;
        if (billed > current)
        {
            return Refusal.Rejected("month-in-the-future", $"{billed} has not begun.", "/month");
        }

        var end = billed.End(contract.Zone);
        var chunk = await new Chunk(billed, long.MaxValue, [contract], plans)
            .Bill(transaction, end > transaction.Now ? end : transaction.Now);
        return chunk.Failures is [var failure, ..]
            ? failure.Refusal
            : new NextInvoice
            {
                Contract = code,
                Customer = contract.Customer,
                Month = billed,
                Invoices = [.. chunk.Drafts.Select(draft => ExpectedInvoice.Of(draft.Invoice, draft))],
            };
    }
}

/// <summary>What a contract's month will be billed.</summary>
public sealed record NextInvoice
{
    public required string Contract { get; init; }

    public required string Customer { get; init; }

    /// <summary>The billing month.</summary>
    public required Period Month { get; init; }

    /// <summary>
    /// One, and a debit note where late usage is billed alone; none when nothing is left to bill.
    /// </summary>
    public required IReadOnlyList<ExpectedInvoice> Invoices { get; init; }
}

/// <summary>An invoice as it will be.</summary>
public sealed record ExpectedInvoice
{
    /// <summary>It bills late usage alone.</summary>
    public required bool IsDebitNote { get; init; }

    /// <summary>The day that decides on the tax rate.</summary>
    public required DateOnly TaxPoint { get; init; }

    /// <summary>Sum of the lines.</summary>
    public required Money Net { get; init; }

    public required Money Tax { get; init; }

    /// <summary>Net and tax: what is to be paid.</summary>
    public required Money Gross { get; init; }

    public required IReadOnlyList<InvoiceLineView> Lines { get; init; }

    /// <summary>One for each tax category and rate.</summary>
    public required IReadOnlyList<InvoiceTaxView> Taxes { get; init; }

    internal static ExpectedInvoice Of(InvoiceDraft invoice, ContractDraft draft) => new()
    {
        IsDebitNote = draft.IsDebitNote,
        TaxPoint = draft.TaxPoint,
        Net = new Money(invoice.Totals.NetTotal, invoice.Currency),
        Tax = new Money(invoice.Totals.TaxTotal, invoice.Currency),
        Gross = new Money(invoice.Totals.GrossTotal, invoice.Currency),
        Lines = [.. invoice.Lines.Select(line => InvoiceLineView.Of(line, invoice.Currency))],
        Taxes = [
            .. invoice.Totals.TaxGroups.Select(group =>
                InvoiceTaxView.Of(group, invoice.TreatmentOf(group), invoice.Currency)),
        ],
    };
}
