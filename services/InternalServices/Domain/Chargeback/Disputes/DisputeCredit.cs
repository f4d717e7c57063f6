using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Disputes;

/// <summary>
/// What an accepted dispute books: the department is credited and the counterparty debited with the same amount, so
/// cost moves between departments and its total stays. The disputed line is never changed.
/// </summary>
/// <param name="Department">Credited with the amount.</param>
/// <param name="Counterparty">Debited with the amount.</param>
/// <param name="Amount">In whole minor units, above 0.</param>
public sealed record DisputeCredit(string Department, string Counterparty, decimal Amount)
{
    /// <summary>Grants all or part of a claim at the expense of another department.</summary>
    /// <returns>
    /// The credit, or <c>granted-out-of-range</c>, <c>counterparty-same</c>, or <c>counterparty-external</c>: what
    /// external customers bear was agreed with the other side and is not changed from this one.
    /// </returns>
    public static Outcome<DisputeCredit> Grant(string department, string counterparty, decimal claimed, decimal granted)
    {
        if (granted <= 0 || granted > claimed)
        {
            return Refusal.Rejected(
                "granted-out-of-range", $"From above 0 to the {claimed} that were claimed can be granted.", "/granted");
        }

        if (counterparty == department)
        {
            return Refusal.Rejected(
                "counterparty-same", "Another department bears what this one is granted.", "/counterparty");
        }

        return counterparty == DepartmentCodes.ExternalBusiness
            ? Refusal.Rejected(
                "counterparty-external",
                "What external customers bear is agreed with the external side and cannot be raised here.",
                "/counterparty")
            : new DisputeCredit(department, counterparty, granted);
    }

    /// <summary>What state the dispute is in once this is booked.</summary>
    public DisputeState StateFor(decimal claimed) =>
        Amount == claimed ? DisputeState.Accepted : DisputeState.PartiallyAccepted;

    /// <summary>The two postings, debits positive.</summary>
    public IReadOnlyList<JournalPosting> Postings =>
    [
        new(JournalAccount.Department, Department, -Amount),
        new(JournalAccount.Department, Counterparty, Amount),
    ];
}
