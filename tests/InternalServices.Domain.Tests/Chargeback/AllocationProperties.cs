using System.Text.Json;
using CsCheck;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>What holds of every run, whatever the pools.</summary>
public sealed class AllocationProperties
{
    public static TheoryData<AllocationMethod> Methods => [.. Enum.GetValues<AllocationMethod>()];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Departments_bear_exactly_what_the_pools_cost(AllocationMethod method) =>
        Any(method, run => run.Departments.Sum(department => department.Amount) == run.Certificate.PoolTotal
            && run.Certificate.Difference == 0
            && run.Pools.All(pool =>
                run.Lines.Where(line => line.Pool == pool.Code).Sum(line => line.Amount) == pool.Amount));

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_pools_total_the_rounded_sum_of_all_entries(AllocationMethod method) =>
        AllocationInputs.Any(method).Sample(input =>
        {
            var exact = input.Pools.SelectMany(pool => pool.Entries)
                .Aggregate(Rational.Zero, (sum, entry) => sum + Rational.From(entry.Amount));
            return Run(input).Certificate.PoolTotal == exact.Round(input.Currency.Exponent);
        });

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_amount_is_a_whole_number_of_minor_units_near_the_exact_one(AllocationMethod method) =>
        Any(method, run => run.Lines.All(line => run.Currency.IsWhole(line.Amount)
            && decimal.Abs(line.Amount - line.Exact) < 2 * run.Currency.MinorUnit));

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_external_side_gets_exactly_the_external_share(AllocationMethod method) =>
        Any(method, run => run.External.Total == run.Certificate.ExternalShare
            && run.External.Services.Sum(service => service.Cost)
                + run.External.Customers.Sum(customer => customer.Cost)
                + run.External.OverheadResidual == run.External.Total
            && run.External.Services.All(service => service.Quantity > 0 || service.Cost == 0)
            && run.Lines.Where(IsUseByCustomers).All(line =>
                line.ByService.Sum(part => part.Amount) == line.Amount
                && line.ByService.All(part => run.Currency.IsWhole(part.Amount))));

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_journal_books_every_pool_to_departments_and_balances(AllocationMethod method) =>
        Any(method, run =>
        {
            var postings = JournalPair.Of(run).SelectMany(pair => pair.Postings).ToList();
            return postings.Sum(posting => posting.Amount) == 0
                && run.Departments.All(department => department.Amount == postings
                    .Where(to => to.Account == JournalAccount.Department && to.Code == department.Department)
                    .Sum(to => to.Amount))
                && run.Pools.All(pool => -pool.Amount == postings
                    .Where(from => from.Account == JournalAccount.Pool && from.Code == pool.Code)
                    .Sum(from => from.Amount));
        });

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_order_of_the_inputs_never_matters(AllocationMethod method) =>
        Gen.Select(AllocationInputs.Any(method), Gen.Int).Sample((input, seed) =>
            BytesOf(Run(input)).SequenceEqual(BytesOf(Run(Shuffled(input, seed)))));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Who_summed_the_entries_never_matters(AllocationMethod method) =>
        AllocationInputs.Any(method).Sample(input =>
            BytesOf(Run(input)).SequenceEqual(BytesOf(Run(input with { Pools = [.. input.Pools.Select(Summed)] }))));

    /// <summary>A pool alone: rounding several pools together cuts off towards −∞, which has no mirror.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void A_negative_pool_mirrors_the_positive(AllocationMethod method) =>
        Gen.Select(AllocationInputs.Any(method), Gen.Long[1, 99_999_999]).Sample((input, units) =>
        {
            var amount = units * input.Currency.MinorUnit;
            return Run(Alone(input, amount)).Lines.Select(line => (line.Pool, line.Department, line.Kind, line.Amount))
                .SequenceEqual(Run(Alone(input, -amount)).Lines
                    .Select(line => (line.Pool, line.Department, line.Kind, -line.Amount)));
        });

    private static void Any(AllocationMethod method, Func<AllocationRun, bool> holds) =>
        AllocationInputs.Any(method).Sample(input => holds(Run(input)));

    private static bool IsUseByCustomers(AllocationLine line) =>
        line.Department == DepartmentCodes.ExternalBusiness && line.Customer is null;

    private static AllocationRun Run(AllocationInput input) => Allocation.Calculate(input).Value;

    private static byte[] BytesOf(AllocationRun run) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        Period = run.Period.ToString(),
        Currency = run.Currency.Code,
        run.Method,
        run.Pools,
        run.Lines,
        run.Departments,
        run.External,
        run.Warnings,
        run.Certificate,
    });

    /// <summary>The same graph with one shared amount in the first pool and nothing else.</summary>
    private static AllocationInput Alone(AllocationInput input, decimal amount) =>
        input with
        {
            Pools =
            [
                .. input.Pools.Select((pool, i) => pool with
                {
                    Entries = i == 0 ? [new CostEntry(Assignee.Shared, amount)] : [],
                }),
            ],
        };

    private static CostPool Summed(CostPool pool) =>
        pool with
        {
            Entries =
            [
                .. pool.Entries.GroupBy(entry => entry.Assignee).Select(group => new CostEntry(
                    group.Key, group.Sum(entry => entry.Amount), group.Sum(entry => entry.Rows))),
            ],
        };

    private static AllocationInput Shuffled(AllocationInput input, int seed) =>
        input with
        {
            Departments = Shuffled(input.Departments, seed),
            Pools = Shuffled(
                input.Pools.Select(pool => pool with
                {
                    Entries = Shuffled(pool.Entries, seed),
                    Drivers = Shuffled(
                        pool.Drivers.Select(driver => driver with { Quantity = driver.Quantity * 1.000m }), seed),
                }),
                seed),
            ExternalUsage = Shuffled(input.ExternalUsage, seed).ToDictionary(),
        };

    private static List<T> Shuffled<T>(IEnumerable<T> items, int seed)
    {
        var position = 0;
        return [.. items.OrderBy(_ => HashCode(seed, position++))];
    }

    private static uint HashCode(int seed, int position) =>
        unchecked(((uint)seed ^ (uint)position * 2654435761u) * 2246822519u);
}
