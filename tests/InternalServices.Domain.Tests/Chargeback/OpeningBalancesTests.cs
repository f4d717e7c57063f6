using InternalServices.Domain.Chargeback.Runs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class OpeningBalancesTests
{
    [Fact]
    public void What_does_not_cancel_stands_against_the_books_kept_before()
    {
        var pool = new JournalPosting(JournalAccount.Pool, "P", -10m);
        var department = new JournalPosting(JournalAccount.Department, "D", 4m);
        Assert.Equal(
            [pool, department, new JournalPosting(JournalAccount.OpeningBalance, OpeningBalances.Code, 6m)],
            OpeningBalances.Balanced([pool, department]));
    }

    [Fact]
    public void Balances_that_cancel_need_no_other_side()
    {
        JournalPosting[] balances =
        [
            new(JournalAccount.Pool, "P", -4m),
            new(JournalAccount.Department, "D", 4m),
        ];
        Assert.Equal(balances, OpeningBalances.Balanced(balances));
    }
}
