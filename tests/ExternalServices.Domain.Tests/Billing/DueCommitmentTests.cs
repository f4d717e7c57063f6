using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Primitives;
using static ExternalServices.Domain.Tests.Days;
using static ExternalServices.Domain.Tests.TestContracts;

namespace ExternalServices.Domain.Tests.Billing;

public sealed class DueCommitmentTests
{
    private static readonly TaxTreatment Standard = new(TaxCategory.S, 21);

    private static readonly MinimumCommitment Thousand = new()
    {
        Code = "minimum",
        Service = "storage",
        Description = "Minimum commitment",
        Amount = 1_000m,
    };

    [Fact]
    public void What_is_missing_to_the_commitment_becomes_a_line()
    {
        var line = Draft(Contract("2026-01-01") with { Commitments = [Thousand] }, 10_000m).Lines[2];

        Assert.Equal((3, "minimum", "storage", 460.00m), (line.Number, line.Charge, line.Service, line.Net));
        Assert.Equal(line.Net, line.Amounts.Net(Euro));
        Assert.Equal("460", line.Explanation.Exact);
        Assert.True(line.Explanation.Recomputes(Euro));
    }

    [Fact]
    public void A_reached_commitment_adds_nothing() =>
        Assert.Equal(2, Draft(Contract("2026-01-01") with { Commitments = [Thousand] }, 30_000m).Lines.Count);

    [Fact]
    public void Only_charges_in_scope_and_earlier_bills_count()
    {
        var contract = Contract("2026-01-01") with { Commitments = [Thousand with { Scope = ["storage-use"] }] };

        Assert.Equal(770.00m, Draft(contract, 10_000m).Lines[2].Net);
        Assert.Equal(269.50m, Draft(contract, 10_000m, billedBefore: 500.50m).Lines[2].Net);
    }

    [Fact]
    public void Lines_of_another_period_do_not_count()
    {
        var contract = Contract("2026-10-15", end: "2026-11-20") with { Commitments = [Thousand] };

        var lines = Draft(contract, 0m).Lines.Where(line => line.Charge == "minimum");

        Assert.Equal(
            [(Range("2026-10-15", "2026-11-15"), 1_000.00m), (Range("2026-11-15", "2026-11-20"), 115.00m)],
            lines.Select(line => (line.ServicePeriod, line.Net)));
    }

    /// <remarks>The fee of the last five days is 51.67, the share of the commitment 166.67.</remarks>
    private static InvoiceDraft Draft(ContractTerms contract, decimal used, decimal billedBefore = 0)
    {
        var month = new Period(2026, 11);
        var due = DueCharge.In(month, contract).Select(charge => charge with { Usage = new MeteredUsage(used) });
        var commitments = DueCommitment.In(month, contract).Select(c => c with { BilledBefore = billedBefore });
        return InvoiceDraft.Of(Euro, [.. due], Standard, [.. commitments]).Value;
    }
}
