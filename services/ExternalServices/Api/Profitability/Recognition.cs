using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>Revenue that a month recognises of one charge and billing period, billed or not.</summary>
/// <param name="Customer">Code of the customer.</param>
/// <param name="Currency">The contract's.</param>
/// <param name="Contract">Code of the contract.</param>
/// <param name="Charge">Code of the charge.</param>
/// <param name="PeriodFrom">First day of the billing period.</param>
/// <param name="Kind">Whether it is the charge itself or what a change of the contract adds or takes back.</param>
/// <param name="Cause">Number of that change.</param>
/// <param name="Amount">Of this month.</param>
/// <param name="Earned">From the start of the period to the end of this month.</param>
internal sealed record Recognition(
    string Customer,
    Currency Currency,
    string Contract,
    string Charge,
    DateOnly PeriodFrom,
    LineKind Kind,
    int Cause,
    decimal Amount,
    decimal Earned);
