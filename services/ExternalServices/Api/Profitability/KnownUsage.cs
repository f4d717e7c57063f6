using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Revenue;
using ServiceMesh.Data;

namespace ExternalServices.Api.Profitability;

/// <summary>
/// Which usage is revenue where a contract does not bill what comes late: what its bills know of, and no more.
/// </summary>
internal sealed class KnownUsage(
    IReadOnlyList<(RunningContract Contract, RevenueBasis Basis)> metered, long watermark)
{
    /// <returns>The watermark of the bill by charge and period, where it is the one that counts.</returns>
    public async Task<Dictionary<(string, string, DateOnly, LineKind, int), long>> Read(Transaction transaction)
    {
        var recorded = metered.Where(each => each.Contract.LateUsage == LateUsagePolicy.RecordOnly)
            .Select(each => each.Basis.Due)
            .ToList();
        if (recorded.Count == 0) return [];
        var billed = await transaction.Query<Billed>(
            Select,
            new
            {
                Contracts = recorded.ConvertAll(due => due.Contract).ToArray(),
                Charges = recorded.ConvertAll(due => due.Charge.Code).ToArray(),
                Starts = recorded.ConvertAll(due => due.Period.Served.Start).ToArray(),
            });
        return billed.ToDictionary(
            line => recorded[(int)line.Number - 1].Key, line => long.Min(line.Watermark, watermark));
    }

    private sealed record Billed
    {
        public required long Number { get; init; }

        public required long Watermark { get; init; }
    }

    private const string Select = """
        select due.number, invoice.watermark
        from unnest(@Contracts, @Charges, @Starts) with ordinality as due (contract, charge, start, number)
        join billing.invoice_lines line
            on line.contract = due.contract and line.charge = due.charge and line.period_from = due.start
            and line.kind = 'charge' and line.released_at is null
        join billing.invoices invoice on invoice.id = line.invoice
        """;
}
