using CsCheck;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class LateChargeTests
{
    private static readonly TaxTreatment Standard = new(TaxCategory.S, 21);

    private static readonly ContractCharge Tiered = Storage with
    {
        Model = new GraduatedCharge([new PriceTier(100m, 0.333m), new PriceTier(null, 0.111m, 1.5m)]),
        Discounts = [new PercentageDiscount("tenth", "A tenth off", 10m, new DateOnly(2026, 1, 1))],
    };

    [Fact]
    public void The_difference_is_a_line_with_the_original_period_that_explains_itself()
    {
        var line = Draft([], Late(50m, billed: 10m)).Lines.Single();

        Assert.Equal((LineKind.LateUsage, 1, 4.98m), (line.Kind, line.Cause, line.Net));
        Assert.Equal(line.Net, line.Amounts.Net(Euro));
        Assert.Equal(October.Period, line.Period);
        Assert.True(line.Explanation.Recomputes(Euro));
    }

    [Theory]
    [InlineData(100, -14.98, 0)]
    [InlineData(5, -5, -9.98)]
    [InlineData(0, 0, 0)]
    public void What_is_taken_off_is_what_the_invoice_carries(double fee, double net, double left)
    {
        var lines = Draft([Fee((decimal)fee)], Late(0m, billed: 14.98m)).Lines;

        var line = lines.SingleOrDefault(line => line.Kind == LineKind.LateUsage);
        Assert.Equal(((decimal)net, (decimal)left), (line?.Net ?? 0, line?.LeftOver ?? 0));
        Assert.True(line is null or { Amounts: { Quantity: -1, Price: > 0 } });
        Assert.True(line is null || line.Explanation.Recomputes(Euro));
    }

    [Fact]
    public void What_is_added_carries_what_is_taken_off()
    {
        var lines = Draft([], Late(0m, billed: 10m), Late(50m, billed: 0m)).Lines;

        Assert.Equal([14.98m, -10m], lines.Select(line => line.Net));
    }

    [Fact]
    public void An_earlier_level_that_changes_nothing_is_no_line() =>
        Assert.Empty(Draft([], Late(50m, billed: 14.98m) with { IsOwn = false }).Lines);

    [Fact]
    public void However_often_a_period_is_rated_again_its_lines_sum_to_what_it_costs() =>
        Gen.Int[0, 1_000_000].Array[1, 6].Sample(quantities =>
        {
            var (billed, number) = (0m, 0);
            foreach (var quantity in quantities.Select(each => each / 1000m))
            {
                var late = Late(quantity, billed) with { Number = ++number };
                billed += late.Line(1, carried: 1_000_000m, Standard, Euro).Value!.Net;
                var once = InvoiceDraft.Of(Euro, [late.Due], Standard).Value.Lines.Single().Net;
                Assert.Equal(once, billed);
            }
        });

    private static DueCharge October => DueCharge.In(
        new Period(2026, 10), Contract("2026-10-01", charges: [Tiered])).Single();

    private static LateCharge Late(decimal quantity, decimal billed) => new()
    {
        Due = October with { Usage = new MeteredUsage(quantity) },
        Number = 1,
        Billed = billed,
    };

    private static DueCharge Fee(decimal amount) => DueCharge.In(
        new Period(2026, 11),
        Contract("2026-11-01", charges: [Support with { Model = new FlatCharge(amount) }])).Single();

    private static InvoiceDraft Draft(IReadOnlyList<DueCharge> due, params LateCharge[] late) =>
        InvoiceDraft.Of(Euro, due, Standard, lateCharges: late).Value;
}
