using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class TermsTimelineTests
{
    /// <summary>A line is rounded by so much, and what is expected here is itself a sum of quotients.</summary>
    private const decimal HalfCent = 0.005000001m;

    private static readonly ContractCharge Arrears = Support with
    {
        Code = "arrears",
        Model = new FlatCharge(100m, BillingTiming.InArrears),
    };

    /// <summary>Up to four signatures, each for any day, fee and quantity, or an end.</summary>
    private static readonly Gen<TermsChange[]> AnyChanges =
        from days in Gen.Int[1, 200].Array[0, 4]
        from fees in Gen.Int[0, 50_000].Array[4]
        from adjusts in Gen.Bool.Array[4]
        from ends in Gen.Int[0, 5].Array[4]
        select days.Select((day, i) => new TermsChange
        {
            Number = i + 1,
            On = Day("2024-01-31").AddDays(day),
            Adjusts = adjusts[i],
            Charges = ends[i] == 0 ? [] : Charges(fees[i] / 100m, ends[i] % 2 == 0 ? 0.023m : 0.05m),
        }).ToArray();

    [Fact]
    public void What_is_signed_last_holds_from_its_day_on()
    {
        var timeline = new TermsTimeline(Changed(
            Change(1, "2024-04-10", 400m), Change(2, "2024-03-10", 500m), Change(3, "2024-05-01", 600m)));

        Assert.Equal([310m, 500m, 500m, 600m], new[] { "2024-03-09", "2024-03-10", "2024-04-10", "2024-05-01" }
            .Select(day => ((FlatCharge)timeline.On(Day(day)).Charges[0].Model).Amount));
    }

    [Fact]
    public void Usage_is_priced_by_service_and_days()
    {
        var compute = Storage with { Code = "compute-use", Service = "compute" };
        var contract = Changed(
            Change(1, "2024-03-10", 500m) with { Charges = [Support, compute] },
            Change(2, "2024-06-01", 500m) with { Charges = [Support, compute, Storage] },
            Change(3, "2024-07-01", 500m) with { Charges = [] });

        Assert.Equal(
            [
                new MeteredDays("storage", Day("2024-01-31"), Day("2024-03-10")),
                new MeteredDays("compute", Day("2024-03-10"), Day("2024-07-01")),
                new MeteredDays("storage", Day("2024-06-01"), Day("2024-07-01")),
            ],
            new TermsTimeline(contract).Metered().OrderBy(days => days.From).ThenBy(days => days.Service));
    }

    [Fact]
    public void A_commitment_that_changes_is_owed_by_the_days_of_each_amount()
    {
        var minimum = new MinimumCommitment
        {
            Code = "minimum",
            Service = "storage",
            Description = "Minimum",
            Amount = 310m,
        };
        var more = new TermsChange
        {
            Number = 1,
            On = Day("2024-05-11"),
            Charges = [Storage],
            Commitments = [minimum with { Amount = 620m }],
        };
        var contract = Contract("2024-05-01", charges: [Storage]) with { Commitments = [minimum], Changes = [more] };

        var due = DueCommitment.In(new Period(2024, 5), contract).Single();

        Assert.Equal(Range("2024-05-01", "2024-06-01"), due.Period.Served);
        Assert.Equal(100m + 420m, due.Share(Euro));
    }

    [Fact]
    public void Everything_is_due_in_exactly_one_month_and_what_is_left_was_due_before() =>
        AnyChanges.Sample(changes =>
        {
            var contract = Changed(changes);
            var months = Enumerable.Range(0, 14).Select(i => Period.Of(Day("2023-12-01").AddMonths(i))).ToList();

            var due = months.Select(month => DueCharge.In(month, contract).Select(KeyOf).ToList()).ToList();

            Assert.Distinct(due.SelectMany(keys => keys));
            for (var i = 0; i < months.Count; i++)
            {
                var before = due.Take(i).SelectMany(keys => keys).ToHashSet();
                Assert.Subset(before, DueCharge.LeftBefore(months[i], contract).Select(KeyOf).ToHashSet());
            }
        });

    [Fact]
    public void What_is_billed_when_it_is_over_covers_each_day_in_force_once() =>
        AnyChanges.Sample(changes =>
        {
            var contract = Changed(changes);
            var timeline = new TermsTimeline(contract);
            foreach (var period in contract.Cycle.Overlapping(Range("2024-01-31", "2024-10-31")))
            {
                var spans = timeline.ChargesIn(period).Where(span => span.Charge.Code == "arrears").ToList();
                for (var day = period.Served.Start; day < period.Served.End; day = day.AddDays(1))
                {
                    var inForce = timeline.On(day).Charges.Count(charge => charge.Code == "arrears");
                    Assert.Equal(inForce, spans.Count(span => span.Period.Served.Contains(day)));
                }
            }
        });

    [Fact]
    public void Fees_in_advance_come_to_the_days_in_force_however_they_were_changed() =>
        AnyChanges.Where(changes => changes.Select(change => change.On).Distinct().Count() == changes.Length)
            .Sample(changes =>
            {
                // What is signed for an earlier day than before leaves nothing of the earlier signature.
                var contract = Changed(changes);
                var timeline = new TermsTimeline(contract);
                foreach (var period in contract.Cycle.Overlapping(Range("2024-01-31", "2024-10-31")))
                {
                    var lines = DueCharge.Of(period, contract).Where(due => due.Charge.Code == "support-fee")
                        .Select(due => due.Rate(Euro).Value.Amount).ToList();
                    var expected = 0m;
                    for (var day = period.Served.Start; day < period.Served.End; day = day.AddDays(1))
                    {
                        expected += FeeOn(timeline, day) / period.Full.Days;
                    }

                    Assert.InRange(lines.Sum() - expected, -HalfCent * lines.Count, HalfCent * lines.Count);
                }
            });

    private static decimal FeeOn(TermsTimeline timeline, DateOnly day) =>
        timeline.On(day).Charges.FirstOrDefault(charge => charge.Code == "support-fee")?.Model is FlatCharge fee
            ? fee.Amount
            : 0;

    private static (string, DateOnly, LineKind, int) KeyOf(DueCharge due) =>
        (due.Charge.Code, due.Period.Served.Start, due.Kind, due.Cause);

    private static TermsChange Change(int number, string on, decimal fee) =>
        new() { Number = number, On = Day(on), Adjusts = true, Charges = Charges(fee, 0.023m) };

    private static ContractTerms Changed(params TermsChange[] changes) =>
        Contract("2024-01-31", charges: [.. Charges(310m, 0.023m)]) with { Changes = changes };

    private static ContractCharge[] Charges(decimal fee, decimal unitPrice) =>
    [
        Support with { Model = new FlatCharge(fee) },
        Arrears,
        Storage with { Model = new PerUnitCharge(unitPrice) },
    ];
}
