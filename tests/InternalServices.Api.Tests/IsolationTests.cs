using Npgsql;

namespace InternalServices.Api.Tests;

/// <summary>A department sees its own: by the API, and by the database where the API would forget.</summary>
public sealed class IsolationTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        await _month.CloseCompletely(1, 45);
    }

    [Fact]
    public async Task A_department_reads_its_own_statement_and_no_other()
    {
        var caller = _mesh.Department(_month.Sales);
        var own = Assert.Single((await caller.Get("statements")).Is(200).Items);
        Assert.Equal(_month.Sales, (string)own["department"]!);
        Assert.Empty((await caller.Get($"statements?department={_month.Research}")).Is(200).Items);

        var document = (await caller.Get($"statements/{(string)own["id"]!}")).Is(200);
        Assert.Equal(
            ["25.00", "15.00"], document["lines"].AsArray().Select(line => (string)line!["amount"]!["amount"]!));
        var others = (await _mesh.Provider.Get($"statements?department={_month.Research}")).Is(200);
        (await caller.Get($"statements/{(string)others.ItemAt(0)["id"]!}")).Refuses(404, "statement-not-found");
    }

    [Theory]
    [InlineData("chargeback.statements")]
    [InlineData("chargeback.statement_lines")]
    [InlineData("chargeback.usage")]
    [InlineData("organisation.departments")]
    public async Task A_forgotten_condition_shows_a_department_nothing_of_others(string table)
    {
        var column = table == "organisation.departments" ? "code" : "department_code";

        Assert.Equal([_month.Sales], await Tenant($"select distinct {column} from {table}", _month.Sales));
        Assert.Empty(await Tenant($"select distinct {column} from {table}", department: null));
        Assert.Empty(await Tenant($"select distinct {column} from {table}", ""));
    }

    [Theory]
    [InlineData("select state from chargeback.runs")]
    [InlineData("select code from chargeback.cost_pools")]
    [InlineData("select account_code from chargeback.journal_entries")]
    [InlineData("select content_sha256 from chargeback.cost_imports")]
    [InlineData("insert into chargeback.usage (source) values ('mine')")]
    [InlineData("update chargeback.statements set total = 0")]
    [InlineData("delete from organisation.departments")]
    [InlineData("update chargeback.disputes set granted = 1")]
    [InlineData("insert into chargeback.budgets (department_code) values ('SALES')")]
    public async Task What_is_not_for_departments_is_closed_to_them(string sql)
    {
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Tenant(sql, _month.Sales));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, failure.SqlState);
    }

    [Fact]
    public async Task Every_table_that_departments_may_read_has_its_policy()
    {
        Assert.Equal(0L, await _mesh.Scalar<long>("""
            select count(*)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('organisation', 'chargeback') and c.relkind in ('r', 'p')
                and has_table_privilege('internal_services_tenant', c.oid, 'select')
                and not (c.relrowsecurity and c.relforcerowsecurity)
            """));
        Assert.Equal(14L, await _mesh.Scalar<long>("""
            select count(*)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('organisation', 'chargeback')
                and has_table_privilege('internal_services_tenant', c.oid, 'select')
            """));
    }

    [Fact]
    public async Task Not_even_the_application_changes_what_was_posted()
    {
        string[] changes =
        [
            "update chargeback.journal_entries set amount = amount * 2",
            "delete from chargeback.journal_entries",
            "delete from chargeback.statement_lines",
            "update chargeback.usage set quantity = 0",
            "delete from chargeback.cost_entries",
        ];
        foreach (var change in changes)
        {
            var failure = await Assert.ThrowsAsync<PostgresException>(() => Run(change, role: null, department: null));
            Assert.Contains("append-only", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_database_takes_no_entries_that_do_not_sum_to_zero()
    {
        const string unbalanced = """
            insert into chargeback.journal_entries (transaction_id, position, account_kind, account_code, amount)
            select id, 1000, 'pool', 'X', 0.01 from chargeback.journal_transactions
            """;
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Run(unbalanced, role: null, department: null));
        Assert.Contains("sum to zero", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_takes_one_posted_run_a_month()
    {
        const string second = """
            insert into chargeback.runs
            select gen_random_uuid(), month, state, version, rule_set_version, method, currency, 'other',
                engine_version, external_usage_final, pool_total, department_total, external_share, unallocated,
                overhead_residual, entry_rows, pools, drivers, lines, warnings, calculated_at, calculated_by, posted_at,
                posted_by, discarded_at, discarded_by
            from chargeback.runs where state = 'posted'
            """;
        var failure = await Assert.ThrowsAsync<PostgresException>(() => Run(second, role: null, department: null));
        Assert.Equal("runs_one_posted_per_month", failure.ConstraintName);
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private Task<List<string>> Tenant(string sql, string? department) =>
        Run(sql, "internal_services_tenant", department);

    /// <summary>As the service itself would: its login, the tenant's role and id for one transaction.</summary>
    private async Task<List<string>> Run(string sql, string? role, string? department)
    {
        await using var connection = new NpgsqlConnection(_mesh.Database.AppConnectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (role is not null) await Execute(connection, $"set local role {role}");
        if (department is not null)
        {
            await Execute(connection, $"select set_config('app.department', '{department}', true)");
        }

        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
