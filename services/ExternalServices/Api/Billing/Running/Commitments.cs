using ExternalServices.Domain.Billing;
using ServiceMesh.Data;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// Leaves out the commitments that were trued up before and fills in what was billed towards the others.
/// </summary>
internal static class Commitments
{
    /// <returns>The commitments to look at, by contract, in their order.</returns>
    public static async Task<ILookup<string, DueCommitment>> Read(
        Transaction transaction, IReadOnlyList<DueCommitment> due)
    {
        if (due.Count == 0) return due.ToLookup(commitment => commitment.Contract, StringComparer.Ordinal);
        var billed = (await transaction.Query<Billed>(
                SelectBilled,
                new
                {
                    Contracts = due.Select(commitment => commitment.Contract).ToArray(),
                    Starts = due.Select(commitment => commitment.Period.Full.Start).ToArray(),
                }))
            .ToLookup(line => (line.Contract, line.FullFrom));
        return due
            .Where(commitment => LinesOf(commitment, billed)
                .All(line => !commitment.IsTruedUpBy(line.Kind, line.Charge)))
            .Select(commitment => commitment with
            {
                BilledBefore = LinesOf(commitment, billed)
                    .Where(line => commitment.Counts(line.Kind, line.Charge))
                    .Sum(line => line.Net),
            })
            .ToLookup(commitment => commitment.Contract, StringComparer.Ordinal);
    }

    private static IEnumerable<Billed> LinesOf(
        DueCommitment due, ILookup<(string Contract, DateOnly FullFrom), Billed> billed) =>
        billed[(due.Contract, due.Period.Full.Start)];

    private sealed record Billed
    {
        public required string Contract { get; init; }

        public required DateOnly FullFrom { get; init; }

        public required LineKind Kind { get; init; }

        public required string Charge { get; init; }

        public required decimal Net { get; init; }
    }

    private const string SelectBilled = """
        select line.contract, line.full_from, line.kind, line.charge, line.net
        from (select distinct contract, start from unnest(@Contracts, @Starts) as due (contract, start)) as due
        join billing.invoice_lines line on line.contract = due.contract and line.full_from = due.start
        where line.released_at is null
        """;
}
