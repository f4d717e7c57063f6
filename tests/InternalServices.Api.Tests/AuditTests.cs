using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Testing;

namespace InternalServices.Api.Tests;

/// <summary>What the audit trail says of changes, and what it says when somebody has touched it.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();

    public ValueTask InitializeAsync() => _mesh.InitializeAsync();

    [Fact]
    public async Task Every_table_of_the_service_is_watched()
    {
        const string watched = """
            select coalesce(string_agg(format('%s %s', named.relname, trigger.tgname), ', '), '')
            from pg_class named
            join pg_namespace schema on schema.oid = named.relnamespace
            cross join (values ('insert'), ('update'), ('delete'), ('truncate')) as action (name)
            left join pg_trigger trigger
                on trigger.tgrelid = named.oid and trigger.tgname = 'audit_' || action.name and trigger.tgenabled = 'O'
            where named.relkind = 'r' and trigger.oid is {0} null
                and schema.nspname not in (
                    'pg_catalog', 'information_schema', 'audit', 'hosting', 'messaging', 'migrations')
            """;
        Assert.Equal("", await _mesh.Scalar<string>(Text(watched, "")));
        Assert.Contains("departments audit_update", await _mesh.Scalar<string>(Text(watched, "not")));
    }

    [Fact]
    public async Task A_change_says_who_made_it_why_and_what_was_before()
    {
        var code = await new Organisation(_mesh.Provider).Department("SALES");
        using var http = _mesh.RawClient(_mesh.Issuer.Provider("controller"));
        var edit = new { name = "Sales and marketing", parent = (string?)null, active = true };
        Assert.Equal(200, await Send(http, $"departments/{code}", edit, "merged; as decided"));
        Assert.Equal(412, await Send(http, $"departments/{code}", edit, "too late"));
        Assert.Equal(400, await Send(http, $"departments/{code}", edit, new string('x', 201)));

        var entries = await _mesh.Provider.List($"audit?resource=organisation.departments&key={code}");
        Assert.Equal(["update", "insert"], entries.Select(entry => (string)entry["action"]!));
        var changed = entries[0];
        Assert.Equal("editDepartment", (string)changed["operation"]!);
        Assert.Equal("merged; as decided", (string)changed["reason"]!);
        Assert.Equal($"Department {code}", (string)changed["before"]![0]!["name"]!);
        Assert.Equal("Sales and marketing", (string)changed["after"]![0]!["name"]!);
        Assert.Equal(
            ("1", "2"), ((string)changed["before"]![0]!["version"]!, (string)changed["after"]![0]!["version"]!));
        Assert.NotNull((string?)changed["traceId"]);
        Assert.Null(entries[1]["before"]);
        Assert.Equal("registerDepartment", (string)entries[1]["operation"]!);
        Assert.Equal("tester", (string)changed["actor"]!);

        var own = await _mesh.Provider.List($"audit?actor={changed["actor"]}&operation=editDepartment");
        Assert.Equal((long)changed["id"]!, (long)Assert.Single(own)["id"]!);
    }

    [Fact]
    public async Task Consumers_and_departments_are_named_too()
    {
        var month = await Month.SetUp(_mesh);
        var run = await month.CloseCompletely(usage: 1m, share: 45.00m);
        var posted = (await _mesh.Provider.List($"audit?resource=chargeback.runs&key={run}"))
            .Single(entry => (string)entry["action"]! == "update");
        Assert.Equal("internal-services.usage-finalized", (string)posted["actor"]!);
        Assert.Equal("external.usage-finalized", (string)posted["operation"]!);
        Assert.Equal(
            ("calculated", "posted"),
            ((string)posted["before"]![0]!["state"]!, (string)posted["after"]![0]!["state"]!));

        var statement = (await _mesh.Provider.List($"statements?month={Month.Name}"))
            .Single(item => (string)item["department"]! == month.Sales)["id"]!;
        (await _mesh.Department(month.Sales).Post($"statements/{statement}/acknowledge")).Is(200);
        var acknowledged = Assert.Single(await _mesh.Provider.List("audit?operation=acknowledgeStatement"));
        Assert.Equal($"department:{month.Sales}", (string)acknowledged["party"]!);
        (await _mesh.Department(month.Sales).Get("audit")).Is(403);
    }

    [Fact]
    public async Task A_bulk_write_is_one_entry_and_a_refused_one_is_none()
    {
        var organisation = new Organisation(_mesh.Provider);
        var department = await organisation.Department();
        var service = await organisation.Service(department);
        await Record(department, service, 10_000);
        await Record(department, service, 2);
        await Record("NOBODY", service, 3);

        var entries = await _mesh.Provider.List("audit?resource=chargeback.usage");
        Assert.Equal([2, 10_000], entries.Select(entry => (int)entry["rows"]!));
        Assert.Equal((2, 0), (entries[0]["keys"]!.AsArray().Count, entries[1]["keys"]!.AsArray().Count));
        Assert.Equal("0.500000000000000", (string)entries[0]["after"]![0]!["quantity"]!);
        Assert.Null(entries[1]["after"]);
    }

    [Fact]
    public async Task What_somebody_writes_past_the_service_is_under_the_name_of_the_database_user()
    {
        var pool = await new Organisation(_mesh.Provider).Pool();
        await Owner($"update chargeback.cost_pools set name = 'By hand' where code = '{pool}'");
        var entry = (await _mesh.Provider.List($"audit?resource=chargeback.cost_pools&key={pool}"))[0];
        Assert.Equal(_mesh.Database.OwnerRole, (string)entry["actor"]!);
        Assert.Null((string?)entry["operation"]);
        Assert.Equal($"Pool {pool}", (string)entry["before"]![0]!["name"]!);
    }

    [Fact]
    public async Task Nobody_can_write_the_trail_but_by_changing_something()
    {
        await new Organisation(_mesh.Provider).Department();
        foreach (var statement in new[]
        {
            "insert into audit.unsealed (entry_id) values (1)",
            "update audit.entries set actor = 'somebody'",
            "delete from audit.entries",
            "delete from audit.unsealed",
            "update audit.seals set hash = ''",
        })
        {
            Assert.Equal("42501", (await Refused(_mesh.Database.AppConnectionString, statement)).SqlState);
        }

        var owner = await Refused(_mesh.Database.OwnerConnectionString, "delete from audit.entries");
        Assert.Contains("append-only", owner.MessageText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verification_names_what_was_altered_inserted_or_deleted_by_hand()
    {
        for (var i = 0; i < 5; i++) await new Organisation(_mesh.Provider).Department();
        var intact = await Sealed();
        Assert.True((bool)intact["intact"], $"{intact}");
        Assert.True((long)intact["sealedEntries"] >= 5);

        await Owner("alter table audit.entries disable trigger append_only");
        var ids = await Ids();
        await Owner($"update audit.entries set actor = 'somebody else' where id = {ids[1]}");
        await Owner($"delete from audit.entries where id = {ids[2]}");
        await Owner($"""
            insert into audit.entries (id, at, actor, resource, action, rows, keys)
            overriding system value
            values ({ids[^1] + 1000}, now(), 'nobody', 'organisation.services', 'insert', 1, array['STORAGE'])
            """);

        var faults = await Faults();
        Assert.Equal(
            [("altered", ids[1]), ("missing", ids[2]), ("inserted", ids[^1] + 1000)],
            faults.Select(fault => ((string)fault["kind"]!, (long)fault["entry"]!)));
        Assert.NotNull((long?)faults[0]["seal"]);

        await Owner($"""
            update audit.entries set before = after, after = before where id in ({ids[3]}, {ids[4]})
            """);
        Assert.Equal(["altered", "missing", "altered", "altered", "inserted"], Kinds(await Faults()));
    }

    [Fact]
    public async Task Verification_names_seals_that_were_touched_and_a_chain_that_was_cut_off()
    {
        await new Organisation(_mesh.Provider).Department();
        await Sealed();
        await new Organisation(_mesh.Provider).Department();
        var last = await Sealed();
        Assert.True((long)last["seals"] >= 2);
        var known = $"?knownSeal={last.Text("latestSeal")}";
        Assert.True((bool)(await Verification(known))["intact"]);
        (await _mesh.Provider.Get("audit/verification?knownSeal=abc")).Refuses(400, "unreadable");

        await Owner("alter table audit.seals disable trigger append_only");
        await Owner("update audit.seals set sealed_at = sealed_at - interval '1 hour' where block = 1");
        var broken = Assert.Single(await Faults());
        Assert.Equal(("broken", 1L), ((string)broken["kind"]!, (long)broken["seal"]!));

        // Who also writes the hash anew breaks the seal after it.
        await Owner("update audit.seals seal set hash = audit.hash_of(seal) where block = 1");
        Assert.Equal(2L, (long)Assert.Single(await Faults())["seal"]!);

        // A chain that ends early is whole in itself; only who knows a later seal can tell.
        await Owner("alter table audit.entries disable trigger append_only");
        await Owner("delete from audit.entries");
        await Owner("delete from audit.seals");
        Assert.Empty(await Faults());
        Assert.Equal(["cutOff"], Kinds(await Faults(known)));
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private static string Text(string format, string word) =>
        string.Format(CultureInfo.InvariantCulture, format, word);

    private static async Task<int> Send(HttpClient http, string path, object body, string reason)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"/internal/v1/{path}", UriKind.Relative))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("If-Match", "\"1\"");
        request.Headers.Add("X-Reason", reason);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task Record(string department, string service, int count)
    {
        const string at = "2026-10-05T09:30:00Z";
        var items = Enumerable.Range(0, count)
            .Select(_ => new UsageItem("meter", Organisation.Code("A"), department, service, at, "0.5"));
        (await _mesh.Provider.Post("usage/batch", items)).Is(200);
    }

    private async Task Owner(string sql)
    {
        await using var connection = new NpgsqlConnection(_mesh.Database.OwnerConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<PostgresException> Refused(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());
    }

    /// <summary>The verification once everything is sealed.</summary>
    private Task<ApiAnswer> Sealed() =>
        Eventually.Gives(() => Verification(), verification => (long)verification["waiting"] == 0);

    private async Task<ApiAnswer> Verification(string query = "") =>
        (await _mesh.Provider.Get($"audit/verification{query}")).Is(200);

    private async Task<IReadOnlyList<JsonNode>> Faults(string query = "")
    {
        var verification = await Verification(query);
        JsonNode[] faults = [.. verification["faults"].AsArray().Select(fault => fault!)];
        Assert.Equal((bool)verification["intact"], faults.Length == 0);
        return faults;
    }

    private static IEnumerable<string> Kinds(IEnumerable<JsonNode> faults) =>
        faults.Select(fault => (string)fault["kind"]!);

    private async Task<long[]> Ids() =>
    [
        .. (await _mesh.Provider.List("audit?operation=registerDepartment"))
            .Select(entry => (long)entry["id"]!)
            .Order(),
    ];
}
