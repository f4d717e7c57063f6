using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>How an issued invoice is booked, whether a run or a person finalized it.</summary>
internal static class IssueBooking
{
    public static LedgerTransaction Of(
        Guid id,
        string legalEntity,
        string customer,
        DateOnly issueDate,
        string number,
        Currency currency,
        decimal net,
        IEnumerable<TaxGroup> taxes)
    {
        var fact = new LedgerFact
        {
            Id = id,
            LegalEntity = legalEntity,
            Customer = customer,
            Kind = LedgerKind.Issue,
            Day = issueDate,
            Description = $"Invoice {number}",
        };
        return Bookings.Issue(fact, currency, net, taxes);
    }
}
