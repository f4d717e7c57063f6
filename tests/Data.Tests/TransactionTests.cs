using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace Data.Tests;

public sealed class TransactionTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static int _counters;

    private readonly string _counter = $"counter-{Interlocked.Increment(ref _counters)}";

    [Fact]
    public async Task A_value_is_committed()
    {
        var outcome = await InTransaction<int>(async transaction => await Add(transaction, 1));
        Assert.Equal(1, outcome.Value);
        Assert.Equal(1, await Value());
    }

    [Fact]
    public async Task A_refusal_rolls_back()
    {
        var outcome = await InTransaction<int>(async transaction =>
        {
            await Add(transaction, 1);
            return Refusal.Rejected("no", "No.");
        });
        Assert.Equal("no", outcome.Refusal!.Code);
        Assert.Null(await Value());
    }

    [Fact]
    public async Task An_exception_rolls_back()
    {
        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                await Add(transaction, 1);
                throw new InvalidTimeZoneException();
            },
            default));
        Assert.Null(await Value());
    }

    [Fact]
    public async Task What_follows_a_commit_runs_once_after_it()
    {
        var seen = new List<int?>();
        await fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                transaction.AfterCommit(() => seen.Add(Value().GetAwaiter().GetResult()));
                await Add(transaction, 7);
                Assert.Empty(seen);
            },
            default);
        Assert.Equal([7], seen);
    }

    [Fact]
    public async Task What_follows_a_commit_does_not_run_without_one()
    {
        var ran = false;
        await InTransaction<int>(transaction =>
        {
            transaction.AfterCommit(() => ran = true);
            return Task.FromResult<Outcome<int>>(Refusal.Rejected("no", "No."));
        });
        Assert.False(ran);
    }

    [Fact]
    public async Task What_follows_a_commit_cannot_fail_the_caller()
    {
        var ran = false;
        await fixture.Database.InTransaction(
            Tenant.Provider,
            transaction =>
            {
                transaction.AfterCommit(() => throw new InvalidOperationException());
                transaction.AfterCommit(() => ran = true);
                return Add(transaction, 1);
            },
            default);
        Assert.True(ran);
        Assert.Equal(1, await Value());
    }

    [Theory]
    [InlineData("40001")]
    [InlineData("40P01")]
    public async Task A_passing_fault_is_tried_again(string state)
    {
        var attempts = 0;
        var followed = 0;
        await fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                transaction.AfterCommit(() => followed++);
                await Add(transaction, 1);
                if (++attempts < 3) await Raise(transaction, state);
            },
            default);
        Assert.Equal(3, attempts);
        Assert.Equal(1, followed);
        Assert.Equal(1, await Value());
    }

    [Fact]
    public async Task Two_that_lock_each_other_out_both_succeed()
    {
        await InTransaction<int>(async transaction => await Add(transaction, 0));
        await InTransaction<int>(async transaction => await Add(transaction, 0, "-other"));
        var bothHoldOne = new Barrier(2);
        await Task.WhenAll(
            Task.Run(() => Cross("", "-other")),
            Task.Run(() => Cross("-other", "")));
        Assert.Equal(2, await Value());

        Task Cross(string first, string second)
        {
            var attempts = 0;
            return fixture.Database.InTransaction(
                Tenant.Provider,
                async transaction =>
                {
                    await Add(transaction, 1, first);
                    if (attempts++ == 0) bothHoldOne.SignalAndWait();
                    await Add(transaction, 1, second);
                },
                default);
        }
    }

    [Fact]
    public async Task A_connection_lost_before_the_commit_is_replaced()
    {
        var attempts = 0;
        await fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                await Add(transaction, 1);
                if (++attempts == 1) await transaction.Execute("select pg_terminate_backend(pg_backend_pid())");
            },
            default);
        Assert.Equal(2, attempts);
        Assert.Equal(1, await Value());
    }

    [Fact]
    public async Task A_fault_of_the_statement_is_not_tried_again()
    {
        var attempts = 0;
        await Assert.ThrowsAsync<PostgresException>(() => fixture.Database.InTransaction(
            Tenant.Provider,
            transaction =>
            {
                attempts++;
                return transaction.Execute("select 1 / 0");
            },
            default));
        Assert.Equal(1, attempts);
    }

    [Fact]
    public async Task A_connection_lost_during_the_commit_is_reported_and_not_tried_again()
    {
        var attempts = 0;
        var followed = false;
        await Assert.ThrowsAsync<CommitUnknownException>(() => fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                attempts++;
                transaction.AfterCommit(() => followed = true);
                await transaction.Execute(
                    "insert into samples.counters (name, value) values ('fatal', 0) on conflict do nothing");
                await transaction.Execute("insert into samples.commits (counter) values ('fatal')");
            },
            default));
        Assert.Equal(1, attempts);
        Assert.False(followed);
    }

    [Fact]
    public async Task A_commit_that_the_server_refuses_is_its_answer()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.Database.InTransaction(
            Tenant.Provider,
            transaction => transaction.Execute("insert into samples.commits (counter) values ('missing')"),
            default));
        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
    }

    [Fact]
    public async Task Now_is_one_instant_and_as_precise_as_the_database()
    {
        var (now, later, stored) = await fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction => (
                transaction.Now,
                transaction.Now,
                await transaction.Single<DateTimeOffset>("select @now", new { now = transaction.Now })),
            default);
        Assert.Equal(now, later);
        Assert.Equal(now, stored);
    }

    [Fact]
    public async Task A_read_sees_one_snapshot()
    {
        var (before, after) = await fixture.Database.Read(
            Tenant.Provider,
            async transaction =>
            {
                var first = await transaction.SingleOrDefault<int?>(Select, new { name = _counter });
                await InTransaction<int>(async other => await Add(other, 5));
                return (first, await transaction.SingleOrDefault<int?>(Select, new { name = _counter }));
            },
            default);
        Assert.Null(before);
        Assert.Null(after);
        Assert.Equal(5, await Value());
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        var refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.Database.Read(
            Tenant.Provider, transaction => Add(transaction, 1), default));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    [Fact]
    public async Task Rows_stream_without_being_held()
    {
        var sum = await fixture.Database.Read(
            Tenant.Provider,
            async transaction =>
            {
                var total = 0L;
                await foreach (var number in transaction.Stream<long>("select generate_series(1, 100000)"))
                    total += number;
                return total;
            },
            default);
        Assert.Equal(5_000_050_000, sum);
    }

    [Fact]
    public async Task A_cancelled_request_stops_its_statement()
    {
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                var sleeping = transaction.Execute("select pg_sleep(600)");
                await gone.CancelAsync();
                await sleeping;
            },
            gone.Token));
    }

    [Fact]
    public async Task Nothing_of_a_transaction_stays_on_its_connection()
    {
        await using var services = fixture.Services("--Database:MaxPoolSize=1");
        var database = services.GetRequiredService<Database>();
        var role = await database.Read(Tenant.Customer("ACME"), CurrentUser, default);
        var after = await database.InTransaction(Tenant.Provider, CurrentUser, default);
        Assert.Equal(("internal_services_tenant", "ACME"), role);
        Assert.Equal(("internal_services_app", ""), after);

        static Task<(string, string)> CurrentUser(Transaction transaction) =>
            transaction.Single<(string, string)>("select current_user::text, current_setting('app.customer', true)");
    }

    private Task<Outcome<T>> InTransaction<T>(Func<Transaction, Task<Outcome<T>>> work) =>
        fixture.Database.InTransaction(Tenant.Provider, work, default);

    private Task<int> Add(Transaction transaction, int value, string suffix = "") => transaction.Single<int>(
        """
        insert into samples.counters as counter (name, value) values (@name, @value)
        on conflict (name) do update set value = counter.value + excluded.value
        returning value
        """,
        new { name = _counter + suffix, value });

    private static Task<int> Raise(Transaction transaction, string state) => transaction.Execute(
        $"do $$ begin raise exception 'passing' using errcode = '{state}'; end $$");

    private Task<int?> Value() => fixture.Database.Read(
        Tenant.Provider,
        async transaction => await transaction.SingleOrDefault<int?>(Select, new { name = _counter }),
        default);

    private const string Select = "select value from samples.counters where name = @name";
}
