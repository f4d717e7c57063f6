using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>A due charge with what its meter says.</summary>
/// <param name="Due">The charge, its usage filled in.</param>
/// <param name="Refusal">Why the usage cannot be billed.</param>
internal sealed record MeteredCharge(DueCharge Due, Refusal? Refusal);

/// <summary>Leaves out what was billed before and fills in what the meters say, for many charges at once.</summary>
internal sealed class Metering(IReadOnlyList<(BilledContract Contract, DueCharge Charge)> due, long watermark)
{
    /// <returns>The charges to bill, by contract, in their order.</returns>
    public async Task<Dictionary<string, List<MeteredCharge>>> Measure(Transaction transaction)
    {
        var billed = await Billed(transaction);
        var unbilled = due.Where((_, i) => !billed.Contains(i + 1)).ToList();
        var metered = unbilled.FindAll(charge => charge.Charge.Charge.Model.IsMetered);
        var readings = await Meters.Read(
            transaction,
            metered.ConvertAll(charge =>
                new MeterRequest(
                    charge.Contract.Customer,
                    charge.Charge.Charge,
                    charge.Charge.UsageIn,
                    charge.Charge.MeasuredOver,
                    watermark)));

        var byContract = new Dictionary<string, List<MeteredCharge>>(StringComparer.Ordinal);
        var next = 0;
        foreach (var (contract, charge) in unbilled)
        {
            if (!byContract.TryGetValue(contract.Code, out var charges)) byContract[contract.Code] = charges = [];
            charges.Add(charge.Charge.Model.IsMetered
                ? Metered(charge, readings[next++])
                : new MeteredCharge(charge, null));
        }

        return byContract;
    }

    private static MeteredCharge Metered(DueCharge charge, MeterReading reading) =>
        new(charge with { Usage = reading.Usage }, reading.Refusal);

    private async Task<HashSet<long>> Billed(Transaction transaction)
    {
        var billed = await transaction.Query<long>(
            SelectBilled,
            new
            {
                Contracts = due.Select(charge => charge.Charge.Contract).ToArray(),
                Charges = due.Select(charge => charge.Charge.Charge.Code).ToArray(),
                Starts = due.Select(charge => charge.Charge.Period.Served.Start).ToArray(),
                Kinds = due.Select(charge => charge.Charge.Kind).ToArray(),
                Causes = due.Select(charge => charge.Charge.Cause).ToArray(),
            });
        return [.. billed];
    }

    private const string SelectBilled = """
        select due.number
        from unnest(@Contracts, @Charges, @Starts, @Kinds, @Causes)
            with ordinality as due (contract, charge, start, kind, cause, number)
        join billing.invoice_lines line
            on line.contract = due.contract and line.charge = due.charge and line.period_from = due.start
            and line.released_at is null
            and ((line.kind = due.kind and line.cause = due.cause)
                or (line.kind = 'lateUsage' and due.kind = 'charge'))
        """;
}
