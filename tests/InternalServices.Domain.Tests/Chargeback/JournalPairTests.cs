using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using static InternalServices.Domain.Tests.Chargeback.AllocationInputs;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class JournalPairTests
{
    [Fact]
    public void A_pair_per_pool_and_department_moves_what_it_bears()
    {
        var run = Allocation.Calculate(Of(
            new CostPool
            {
                Code = "P",
                Entries = [new CostEntry(Assignee.Shared, 10m), new CostEntry(Assignee.Department("A"), 5m)],
                Drivers = [Used("A", 1), Used("B", 1), Used("C", 0)],
            })).Value;

        var pairs = JournalPair.Of(run);
        Assert.Equal([new JournalPair("P", "A", 10m), new JournalPair("P", "B", 5m)], pairs);
        Assert.Equal(
            [
                new JournalPosting(JournalAccount.Pool, "P", -10m),
                new JournalPosting(JournalAccount.Department, "A", 10m),
            ],
            pairs[0].Postings);
        Assert.Equal(0, pairs.Concat(pairs.Select(pair => pair.Reversed())).Sum(pair => pair.Amount));
    }
}
