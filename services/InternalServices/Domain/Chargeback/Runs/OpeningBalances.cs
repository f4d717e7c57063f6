namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>
/// Balances that accounts had in the books kept before, against one account that stands for those books.
/// </summary>
public static class OpeningBalances
{
    /// <summary>The code of the account on the other side.</summary>
    public const string Code = "OPENING-BALANCE";

    /// <summary>
    /// The balances and, where they do not cancel, what makes them: debits positive, the sum is zero.
    /// </summary>
    public static IReadOnlyList<JournalPosting> Balanced(IReadOnlyList<JournalPosting> balances)
    {
        var sum = balances.Sum(balance => balance.Amount);
        return sum == 0 ? balances : [.. balances, new JournalPosting(JournalAccount.OpeningBalance, Code, -sum)];
    }
}
