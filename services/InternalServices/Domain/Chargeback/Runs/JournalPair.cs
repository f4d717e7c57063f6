namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Two postings that cancel: the pool's cost centre is credited, the department's debited. Cost goes from the pool
/// where it arose to the department that bears it, never through other pools, so nothing is grossed up.
/// </summary>
/// <param name="Pool">Credited with the amount.</param>
/// <param name="Department">Debited with the amount.</param>
/// <param name="Amount">In whole minor units, not 0; negative for a credit.</param>
public sealed record JournalPair(string Pool, string Department, decimal Amount)
{
    /// <summary>The pairs of a posted run, by pool and department.</summary>
    public static IReadOnlyList<JournalPair> Of(AllocationRun run) =>
    [
        .. run.Lines
            .GroupBy(line => (line.Pool, line.Department))
            .Select(group => new JournalPair(group.Key.Pool, group.Key.Department, group.Sum(line => line.Amount)))
            .Where(pair => pair.Amount != 0)
            .OrderBy(pair => pair.Pool, StringComparer.Ordinal)
            .ThenBy(pair => pair.Department, StringComparer.Ordinal),
    ];

    /// <summary>The pair that undoes this one.</summary>
    public JournalPair Reversed() => this with { Amount = -Amount };

    /// <summary>The two postings, debits positive.</summary>
    public IReadOnlyList<JournalPosting> Postings =>
    [
        new(JournalAccount.Pool, Pool, -Amount),
        new(JournalAccount.Department, Department, Amount),
    ];
}

/// <summary>One side of a pair.</summary>
public sealed record JournalPosting(JournalAccount Account, string Code, decimal Amount);

public enum JournalAccount
{
    Pool,
    Department,

    /// <summary>The other side of balances taken over from the books kept before.</summary>
    OpeningBalance,
}
