using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Revenue;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Revenue;

public sealed class RevenueBasisTests
{
    private static readonly TimeZoneInfo Madrid = Zone("Europe/Madrid");

    private static readonly Discount[] Discounts =
    [
        new PercentageDiscount("loyal", "Loyal customer", 7.5m, Day("2020-01-01")),
        new AmountDiscount("welcome", "Welcome", 0.77m, Day("2020-01-01")),
    ];

    [Fact]
    public void A_fee_of_a_calendar_month_is_the_revenue_of_that_month()
    {
        var basis = RevenueBasis.In(new Period(2026, 11), Contract("2026-01-01", charges: [Support]), Madrid).Single();

        Assert.Equal(310.00m, basis.Recognise(Euro).Value.Amount);
    }

    [Fact]
    public void A_fee_that_spans_two_months_is_spread_by_days_and_sums_to_the_line()
    {
        var fee = Support with { Model = new FlatCharge(100m) };
        var contract = Contract("2026-10-15", end: "2026-11-15", charges: [fee]);

        var october = RevenueBasis.In(new Period(2026, 10), contract, Madrid).Single().Recognise(Euro).Value;
        var november = (RevenueBasis.In(new Period(2026, 11), contract, Madrid).Single() with
        {
            AlreadyRecognised = october.Amount,
        }).Recognise(Euro).Value;

        Assert.Equal((54.84m, 54.84m), (october.Amount, october.Earned));
        Assert.Equal((45.16m, 100.00m), (november.Amount, november.Earned));
        Assert.Empty(RevenueBasis.In(new Period(2026, 12), contract, Madrid));
    }

    [Fact]
    public void Usage_counts_in_the_month_in_which_it_happened_for_the_provider()
    {
        var contract = Contract("2026-11-15", charges: [Storage]);

        var november = RevenueBasis.In(new Period(2026, 11), contract, Madrid).Single();
        var december = RevenueBasis.In(new Period(2026, 12), contract, Madrid).ToList();

        Assert.Equal(new InstantRange(Utc("2026-11-14T23:00Z"), Utc("2026-11-30T23:00Z")), november.UsageThrough);
        Assert.Equal(
            [
                new InstantRange(Utc("2026-11-14T23:00Z"), Utc("2026-12-14T23:00Z")),
                new InstantRange(Utc("2026-12-14T23:00Z"), Utc("2026-12-31T23:00Z")),
            ],
            december.Select(basis => basis.UsageThrough));
    }

    [Fact]
    public void A_billing_period_of_another_zone_may_share_only_hours_with_the_month()
    {
        var contract = Contract("2026-11-01", zone: "Asia/Tokyo", charges: [Support, Storage]);

        var november = RevenueBasis.In(new Period(2026, 11), contract, Madrid)
            .Select(basis => $"{basis.Charge.Code} {basis.Period.Served}");

        Assert.Equal(
            [
                "support-fee [2026-11-01, 2026-12-01)",
                "storage-use [2026-11-01, 2026-12-01)",
                "storage-use [2026-12-01, 2027-01-01)",
            ],
            november);
    }

    [Fact]
    public void The_months_of_a_period_always_sum_to_its_invoice_line() =>
        Gen.Select(Gen.Int[0, 700], Gen.Int[1, 12], Gen.Int[1, 1_000_000], Gen.Decimal[0m, 500m].Array[14])
            .Sample((offset, months, price, used) =>
            {
                var start = Day("2024-01-01").AddDays(offset);
                var contract = Contract("2024-01-01") with
                {
                    Cycle = BillingCycle.From(start, start.AddMonths(months), months),
                    Charges =
                    [
                        Support with { Model = new FlatCharge(price / 100m), Discounts = Discounts },
                        Storage with { Model = new PerUnitCharge(price / 1_000_000m), Discounts = Discounts },
                    ],
                };

                Assert.Equal(Billed(contract, used), Recognised(contract, used));
            });

    /// <summary>The lines of the only billing period, its usage being the sum of what each month used.</summary>
    private static List<decimal> Billed(ContractTerms contract, decimal[] used)
    {
        var monthCount = Months(contract).Count();
        return
        [
            .. Months(contract)
                .SelectMany(month => DueCharge.In(month, contract))
                .OrderBy(due => due.Charge.Code, StringComparer.Ordinal)
                .Select(due => due with { Usage = new MeteredUsage(used.Take(monthCount).Sum()) })
                .Select(due => InvoiceDraft.Of(Euro, [due], new TaxTreatment(TaxCategory.S, 21)).Value.Totals.NetTotal),
        ];
    }

    private static List<decimal> Recognised(ContractTerms contract, decimal[] used)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (i, month) in Months(contract).Index())
        {
            foreach (var basis in RevenueBasis.In(month, contract, Madrid))
            {
                var known = basis with
                {
                    Usage = new MeteredUsage(used.Take(i + 1).Sum()),
                    AlreadyRecognised = sums.GetValueOrDefault(basis.Charge.Code),
                };
                sums[basis.Charge.Code] = known.AlreadyRecognised + known.Recognise(Euro).Value.Amount;
            }
        }

        return [.. sums.Values];
    }

    private static IEnumerable<Period> Months(ContractTerms contract)
    {
        var last = Period.Of(contract.Cycle.End!.Value.AddDays(-1));
        for (var month = Period.Of(contract.Cycle.Start); month <= last; month = month.Next)
        {
            yield return month;
        }
    }
}
