using ExternalServices.Domain.Contracts;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Revenue;

/// <summary>
/// What an issued invoice line changes of the revenue that its contract tells without it: a true-up adds to it, a
/// credit note takes back from it, by the same days as the line itself.
/// </summary>
/// <param name="Told">What the contract tells of the line: its net, or 0 for a true-up.</param>
/// <param name="Stands">What stands of the line after all credit notes.</param>
/// <param name="Days">That the line pays for.</param>
/// <param name="Currency">Its minor unit is what the parts are rounded to.</param>
public sealed record RevenueAdjustment(decimal Told, decimal Stands, DateRange Days, Currency Currency)
{
    /// <summary>
    /// What the month's revenue changes by: all that was earned less of the line than the contract tells, to the
    /// month's end, less what earlier months have taken into account. So contract and adjustments together always are
    /// what <see cref="RevenueSchedule"/> makes of what stands.
    /// </summary>
    /// <param name="before">Σ of earlier months.</param>
    public decimal In(Period month, decimal before) =>
        EarnedThrough(month, Stands) - EarnedThrough(month, Told) - before;

    private decimal EarnedThrough(Period month, decimal net) =>
        new RevenueSchedule(net, Days, Currency).EarnedThrough(month);
}
