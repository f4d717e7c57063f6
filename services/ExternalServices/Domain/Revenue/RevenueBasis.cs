using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Revenue;

/// <summary>
/// One charge of a contract for a billing period that a cost month takes part in: what the month's revenue of it is
/// recognised from, billed or not.
/// </summary>
/// <remarks>
/// Revenue is recognised cumulatively: what has been earned from the start of the period to the end of the month, less
/// what earlier months have recognised. So the months of a period always sum to its invoice line, and what an earlier
/// month missed is caught up. Usage belongs to the month of the provider's zone in which it happened; the days of flat
/// fees are taken as calendar dates, whatever their zone.
/// </remarks>
public sealed record RevenueBasis
{
    public string Contract => Due.Contract;

    /// <summary>What is or will be billed, without its usage.</summary>
    public required DueCharge Due { get; init; }

    public ContractCharge Charge => Due.Charge;

    public BillingPeriod Period => Due.Period;

    /// <summary>Days served from the start of the period to the end of the month.</summary>
    public required int DaysThrough { get; init; }

    /// <summary>The instants from the start of the period to the end of the month or period.</summary>
    public required InstantRange UsageThrough { get; init; }

    /// <summary>What the meter says for these instants; to be filled in for metered charges.</summary>
    public MeteredUsage Usage { get; init; } = MeteredUsage.None;

    /// <summary>Σ revenue that earlier months have recognised of this charge and period; to be filled in.</summary>
    public decimal AlreadyRecognised { get; init; }

    /// <summary>Every charge and period of the contract that the month takes part in.</summary>
    public static IEnumerable<RevenueBasis> In(Period month, ContractTerms contract, TimeZoneInfo providerZone)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var days = DateRange.Of(month);
        var instants = days.In(providerZone);

        // A billing period of another zone may share only hours with the month.
        var near = new DateRange(days.Start.AddDays(-1), days.End.AddDays(1));
        return
            from period in contract.Cycle.Overlapping(near)
            from due in DueCharge.Of(period, contract)
            where due.Charge.Model.IsMetered
                ? due.UsageIn.Start < instants.End && instants.Start < due.UsageIn.End
                : !due.Period.Served.Intersect(days).IsEmpty
            select Until(days.End, instants.End, due);
    }

    /// <summary>All of what is billed, when its days are over.</summary>
    public static RevenueBasis Whole(DueCharge due)
    {
        ArgumentNullException.ThrowIfNull(due);
        return Until(due.Period.Served.End, due.UsageIn.End, due);
    }

    private static RevenueBasis Until(DateOnly day, DateTimeOffset instant, DueCharge due) => new()
    {
        Due = due,
        DaysThrough = DaysUntil(day, due.Period.Served),
        UsageThrough = due.UsageIn with { End = due.UsageIn.End < instant ? due.UsageIn.End : instant },
    };

    /// <summary>The month's revenue of the charge.</summary>
    /// <returns>The revenue, or the refusal of <see cref="DueCharge.Rate"/>.</returns>
    public Outcome<RecognisedRevenue> Recognise(Currency currency)
    {
        var due = Due with { UsageIn = UsageThrough, Usage = Usage };
        return due.Rate(currency).Then<RecognisedRevenue>(rated =>
        {
            var net = rated.Amount - due.AllowancesOn(rated.Amount, currency).Sum(allowance => allowance.Amount);
            var earned = Charge.Model.IsMetered ? net : ByDay(net, currency);
            return new RecognisedRevenue(earned - AlreadyRecognised, earned);
        });
    }

    /// <summary>round(amount × days so far ÷ days served).</summary>
    private decimal ByDay(decimal amount, Currency currency) =>
        (Rational.From(amount) * new Rational(DaysThrough, Period.Served.Days)).Round(currency.Exponent);

    private static int DaysUntil(DateOnly end, DateRange served) =>
        Math.Clamp(end.DayNumber - served.Start.DayNumber, 0, served.Days);
}

/// <summary>Revenue of one month from one charge and billing period.</summary>
/// <param name="Amount">What the month recognises; negative when an earlier month recognised too much.</param>
/// <param name="Earned">What has been earned from the start of the billing period to the end of the month.</param>
public sealed record RecognisedRevenue(decimal Amount, decimal Earned);
