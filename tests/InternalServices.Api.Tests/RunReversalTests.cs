using Npgsql;
using Testing;

namespace InternalServices.Api.Tests;

public sealed class RunReversalTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task A_reversed_run_leaves_no_balance_and_makes_room_for_another()
    {
        var first = await Posted();
        var reversed = (await Reverse(first)).Is(200);

        Assert.Equal(
            ("reversed", "A pool was driven wrongly"), (reversed.Text("state"), reversed.Text("reversalReason")));
        Assert.Equal("tester", reversed.Text("reversedBy"));
        var balance = (await _mesh.Provider.Get($"journal/trial-balance?month={Month.Name}")).Is(200);
        Assert.NotEmpty(balance["accounts"].AsArray());
        Assert.All(
            balance["accounts"].AsArray(), account => Assert.Equal("0.00", (string)account!["balance"]!["amount"]!));
        Assert.Equal(["posting", "reversal"], await JournalKinds());
        Assert.Equal(["reversed"], await StatementStates(first));
        var period = await _month.Period();
        Assert.Null(period.Body["runId"]);
        Assert.Equal("run-reversed", (string)period["blockedBy"]["code"]!);

        await _month.Rules("even");
        var second = (await _month.Calculate()).Is(201).Text("id");
        Assert.NotEqual(first, second);
        (await Post(second)).Is(200);
        Assert.Equal(["issued"], await StatementStates(second));
        var after = (await _mesh.Provider.Get($"journal/trial-balance?month={Month.Name}")).Is(200);
        Assert.Equal(("405.00", "0.00"), (Amount(after, "debits"), Amount(after, "difference")));
        await _month.Reckon(second, 45);
        await _month.Until("closed");
        Assert.True((bool)(await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200)["reconciled"]);
        (await Reverse(second)).Refuses(409, "period-closed");
    }

    [Fact]
    public async Task A_reversal_alone_is_taken_up_by_the_close()
    {
        var first = await Posted();
        (await Reverse(first)).Is(200);

        var again = (await _month.Close()).Is(202);
        Assert.Null(again.Body["blockedBy"]);
        Assert.NotEqual(first, again.Text("runId"));
        await _month.Reckon(again.Text("runId"), 45);
        await _month.Until("closed");
    }

    [Fact]
    public async Task Only_a_posted_run_is_reversed_for_a_reason_and_once()
    {
        var calculated = (await _month.Calculate()).Is(201).Text("id");
        (await Reverse(calculated)).Refuses(409, "run-not-posted");
        (await Reverse("01890000-0000-7000-8000-000000000000")).Refuses(404, "run-not-found");

        var posted = await Posted();
        var path = $"runs/{posted}/reverse";
        (await _mesh.Provider.Post(path, new { reason = "Why" })).Refuses(400, "idempotency-key-required");
        (await _mesh.Provider.Post(path, new { reason = " " }, ApiClient.NewKey()))
            .Refuses(422, "invalid-fields").RefusesField("/reason", "invalid-text");
        (await _mesh.Provider.Post(path, new { }, ApiClient.NewKey())).Is(400);
        (await _mesh.Department(_month.Sales).Post(path, new { reason = "Why" }, ApiClient.NewKey())).Is(403);
        (await Reverse(posted)).Is(200);
        (await Reverse(posted)).Refuses(409, "run-not-posted");
        Assert.Equal(1L, await _mesh.Scalar<long>(
            "select count(*) from chargeback.journal_transactions where kind = 'reversal'"));
    }

    [Fact]
    public async Task Of_two_runs_posted_at_once_one_stands()
    {
        var runs = await TwoToPost();

        var answers = await Task.WhenAll(runs.Select(Post));
        var refused = Assert.Single(answers, answer => (int)answer.Status != 200);
        refused.Refuses(409, "month-posted");
        Assert.Equal(1L, await _mesh.Scalar<long>("select count(*) from chargeback.runs where state = 'posted'"));
        Assert.Equal(135m, await _mesh.Scalar<decimal>("select sum(total) from chargeback.statements"));
    }

    [Fact]
    public async Task The_database_holds_one_posted_run_a_month_and_its_journal_as_it_is()
    {
        var runs = await TwoToPost();
        (await Post(runs[0])).Is(200);

        await Refused(
            $"update chargeback.runs set state = 'posted', posted_at = now() where id = '{runs[1]}'", "23505");
        await Refused("update chargeback.journal_entries set amount = 2 * amount", "23000");
        await Refused("delete from chargeback.journal_transactions", "23000");
        await Refused("update chargeback.runs set pool_total = pool_total + 1", "23514");
        await Refused(
            """
            with written as (
                insert into chargeback.journal_transactions (id, month, run_id, kind, currency, posted_at, posted_by)
                select gen_random_uuid(), month, id, 'posting', currency, now(), 'hand' from chargeback.runs limit 1
                returning id)
            insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
            select id, 1, 'department', 'UNALLOCATED', 1 from written
            """,
            "23000");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task<string> Posted()
    {
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1);
        return (await _month.Posted()).Text("runId");
    }

    /// <summary>Two runs by different rules of a month whose close is blocked.</summary>
    private async Task<string[]> TwoToPost()
    {
        var idle = await new Organisation(_mesh.Provider).Pool();
        await _month.Cost(idle, EntryItem.Of(Month.Name, "1.00"));
        await _month.Cost(idle, EntryItem.Of(Month.Name, "-1.00"));
        (await _month.Close()).Is(202);
        await _month.FinalizeUsage(1);
        await Eventually.Gives(_month.Period, period => period.Body["blockedBy"] is not null);
        return [await WithRule(idle, "even"), await WithRule(idle, "unallocated")];
    }

    private async Task<string> WithRule(string idle, string whenZero)
    {
        var everybody = new[] { new { department = _month.Sales }, new { department = "EXTERNAL-BUSINESS" } };
        var version = (await _mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new object[]
            {
                new { pool = _month.Pool, driver = new { kind = "usage", service = _month.Service }, whenZero },
                new { pool = _month.Support, driver = new { kind = "even", consumers = everybody } },
                new { pool = idle, driver = new { kind = "even", consumers = everybody } },
            },
        })).Is(201);
        return (await _month.Calculate((int)version["version"])).Is(201).Text("id");
    }

    private Task<ApiAnswer> Post(string run) => _mesh.Provider.Post($"runs/{run}/post", key: ApiClient.NewKey());

    private Task<ApiAnswer> Reverse(string run) =>
        _mesh.Provider.Post($"runs/{run}/reverse", new { reason = "A pool was driven wrongly" }, ApiClient.NewKey());

    private async Task<IEnumerable<string>> JournalKinds() =>
        (await _mesh.Provider.Get($"journal?month={Month.Name}")).Is(200).Items
            .Select(entry => (string)entry["kind"]!).Distinct().Order();

    private async Task<IEnumerable<string>> StatementStates(string run) =>
        (await _mesh.Provider.Get($"statements?month={Month.Name}")).Is(200).Items
            .Where(statement => (string)statement["runId"]! == run)
            .Select(statement => (string)statement["state"]!).Distinct();

    private async Task Refused(string sql, string state)
    {
        await using var connection = new NpgsqlConnection(_mesh.Database.SuperuserConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
        Assert.Equal(state, refused.SqlState);
    }

    private static string Amount(ApiAnswer balance, string member) => (string)balance[member]["amount"]!;
}
