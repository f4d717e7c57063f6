using System.Globalization;
using Npgsql;
using Testing;
using Testing.Services;

namespace InternalServices.Api.Tests;

/// <summary>
/// A replica of its own is killed at random points of a calculation and of a posting, and asked again with the same
/// key: there is always nothing of it or all of it.
/// </summary>
public sealed class KilledRunTests : IAsyncLifetime
{
    private const int Departments = 120;
    private const int Pools = 60;
    private const int Kills = 6;

    /// <summary>Zero while all runs are whole: every line, pool and cost that a head promises, or no head.</summary>
    private const string BrokenRuns = """
        select count(*)
        from chargeback.runs run
        where run.lines <> (select count(*) from chargeback.run_lines line where line.run_id = run.id)
            or run.pools <> (select count(*) from chargeback.run_pools pool where pool.run_id = run.id)
            or run.pool_total <> (
                select coalesce(sum(line.amount), 0) from chargeback.run_lines line where line.run_id = run.id)
        """;

    /// <summary>Zero while statements, journal and events stand for exactly the posted run.</summary>
    private const string BrokenPostings = """
        select count(*)
        from chargeback.runs run
        where (run.state = 'posted')::int * run.lines <> (
                select count(*)
                from chargeback.statement_lines line
                join chargeback.statements statement on statement.id = line.statement_id
                where statement.run_id = run.id)
            or (run.state = 'posted')::int * run.pool_total <> (
                select coalesce(sum(entry.amount), 0)
                from chargeback.journal_entries entry
                join chargeback.journal_transactions transaction on transaction.id = entry.transaction_id
                where transaction.run_id = run.id and entry.amount > 0)
        """;

    private readonly InternalServicesFixture _mesh = new();
    private readonly Random _random = new(20261123);
    private Month _month = null!;
    private ServiceProcess _replica = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        await ManyPools();
        _replica = await StartReplica();
    }

    [Fact]
    public async Task A_run_killed_at_random_points_is_there_whole_or_not_at_all()
    {
        var calculated = await Storm("runs", new { month = Month.Name }, BrokenRuns);
        var run = calculated.Is(201).Text("id");
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.runs"));

        var posted = await Storm($"runs/{run}/post", null, BrokenPostings);
        Assert.Equal("posted", posted.Is(200).Text("state"));
        Assert.Equal(Departments + 3L, await _mesh.Scalar<long>("select count(*) from chargeback.statements"));
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.journal_transactions"));
        await Eventually.Holds(async () => await _mesh.Scalar<long>("select count(*) from messaging.outbox") == 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _replica.DisposeAsync();
        await _mesh.DisposeAsync();
    }

    /// <summary>Asks, kills, looks at what is there, and asks again with the same key until it is answered.</summary>
    private async Task<ApiAnswer> Storm(string path, object? body, string broken)
    {
        var key = ApiClient.NewKey();
        var unanswered = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var asked = Ask(path, body, key);

            // The first kill comes before any machine can have answered, the later ones at any point.
            await Task.Delay(_random.Next(10, 50 + 100 * kill));
            await _replica.Kill();
            await Task.WhenAny(asked);
            if (!asked.IsCompletedSuccessfully) unanswered++;
            await Eventually.Holds(async () => await Working() == 0);
            Assert.Equal(0L, await _mesh.Scalar<long>(broken));
            await _replica.DisposeAsync();
            _replica = await StartReplica();
        }

        Assert.NotEqual(0, unanswered);
        var answer = await Ask(path, body, key);
        Assert.Equal(0L, await _mesh.Scalar<long>(broken));
        return answer;
    }

    private Task<ApiAnswer> Ask(string path, object? body, string key) =>
        new ApiClient(_replica.Client(_mesh.Issuer.Provider())).Post(path, body, key);

    /// <summary>What the killed process had begun is rolled back once the server has noticed.</summary>
    private Task<long> Working() => _mesh.Scalar<long>("""
        select count(*)
        from pg_stat_activity
        where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()
        """);

    private Task<ServiceProcess> StartReplica() => ServiceProcess.Start(
        typeof(InternalServicesApp).Assembly, _mesh.Settings, ["--Logging:LogLevel:Default=Error"]);

    /// <summary>
    /// A closing month that waits for its rules, with lines enough for a calculation to take a while.
    /// </summary>
    private async Task ManyPools()
    {
        await Execute(string.Create(CultureInfo.InvariantCulture, $"""
            insert into organisation.departments (code, name, kind, active, version, created_at, changed_at)
            select 'DEP' || n, 'Department', 'internal', true, 1, now(), now() from generate_series(1, {Departments}) n;
            insert into chargeback.statistic_sheets (department_code, month, version, changed_at, changed_by)
            select 'DEP' || n, '2026-10-01', 1, now(), 'test' from generate_series(1, {Departments}) n;
            insert into chargeback.statistics (department_code, month, code, quantity)
            select 'DEP' || n, '2026-10-01', 'headcount', n from generate_series(1, {Departments}) n;
            insert into chargeback.cost_pools (code, name, kind, version, created_at, changed_at)
            select 'MANY' || n, 'Pool', 'support', 1, now(), now() from generate_series(1, {Pools}) n;
            """));
        foreach (var pool in Enumerable.Range(1, Pools))
        {
            await _month.Cost($"MANY{pool}", EntryItem.Of(Month.Name, "99.99"));
        }

        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1);
        await Eventually.Gives(_month.Period, period => period.Body["blockedBy"] is not null);
        var everybody = new[] { new { department = _month.Sales }, new { department = "EXTERNAL-BUSINESS" } };
        (await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = Enumerable.Range(1, Pools)
                .Select(pool => (object)new
                {
                    pool = $"MANY{pool}",
                    driver = new { kind = "headcount", statistic = "headcount" },
                })
                .Append(new { pool = _month.Pool, driver = new { kind = "usage", service = _month.Service } })
                .Append(new { pool = _month.Support, driver = new { kind = "even", consumers = everybody } }),
        })).Is(201);
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(_mesh.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
