using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EndToEnd.Tests;
using Npgsql;
using Testing;

namespace Benchmarks;

/// <summary>
/// Usage of a month to the posted run, asked for through the gateway, against one hand-written
/// <c>insert … select … group by</c> over the same rows; and the explanation of the run's lines. The month's close is
/// blocked until its rules come, so that a run can be posted, reversed and posted again.
/// </summary>
internal static class MonthRun
{
    private const string Month = "2026-10";
    private const int Departments = 500;
    private const int Services = 20;
    private const int Explanations = 500;

    public static Task<IReadOnlyList<Figure>> Measure() => Measure(100_000, 1_000_000);

    /// <summary>Minutes of loading for seconds of measuring.</summary>
    public static Task<IReadOnlyList<Figure>> MeasureTenfold() => Measure(10_000_000);

    private static async Task<IReadOnlyList<Figure>> Measure(params int[] sizes)
    {
        List<Figure> figures = [];
        foreach (var rows in sizes) figures.AddRange(await Measure(rows));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> Measure(int rows)
    {
        await using var mesh = await Mesh.Start(
            "--Gateway:RateLimit:RequestsPerSecond=1000000", "--Gateway:RateLimit:Burst=1000000");
        using var client = await mesh.Client();
        await using var database = NpgsqlDataSource.Create(
            mesh.Databases["internal_services"].SuperuserConnectionString);
        await SetUp(client, database, rows);
        await mesh.External.Kill(); // Its reckoning would close the month between two runs.
        var before = ProcessMemory.AtMost(mesh.Internal.Id);
        string? posted = null;
        var (ours, peer, ratio) = await Pairs.Measure(
            async () =>
            {
                if (posted is not null) await Reverse(client, posted);
                var started = Stopwatch.GetTimestamp();
                posted = await PostRun(client);
                return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            },
            () => GroupBy(database));
        return
        [
            new(
                $"{rows:N0} usage rows, {Departments} departments, {Services} services → posted run",
                $"{ours / 1000:0.00} s",
                $"insert … select … group by {peer / 1000:0.00} s",
                $"{ratio:0.0}",
                "≤ 10 s"),
            new(
                $"  peak memory of the service, {rows:N0} rows",
                $"{ProcessMemory.AtMost(mesh.Internal.Id):N0} MiB",
                $"before the runs {before:N0} MiB",
                "–",
                "does not grow with the rows"),
            new(
                $"  explanation of a line, p95 of {Explanations}, {rows:N0} rows",
                $"{await ExplanationP95(client, posted!):0.0} ms",
                "–",
                "–",
                "≤ 50 ms"),
        ];
    }

    private static async Task<string> PostRun(HttpClient client)
    {
        var run = await Send(client, "/internal/v1/runs", new { month = Month });
        var id = (string)run["id"]!;
        await Send(client, $"/internal/v1/runs/{id}/post", null);
        return id;
    }

    private static Task<JsonNode> Reverse(HttpClient client, string run) =>
        Send(client, $"/internal/v1/runs/{run}/reverse", new { reason = "To post it again" });

    /// <summary>What a run is at least: each pool's cost by the usage of its service, one row a department.</summary>
    private static async Task<double> GroupBy(NpgsqlDataSource database)
    {
        await Execute(database, """
            create schema if not exists bench;
            drop table if exists bench.charges;
            create table bench.charges (service text, department text, quantity numeric, amount numeric);
            """);
        var started = Stopwatch.GetTimestamp();
        await Execute(database, """
            insert into bench.charges
            select used.service_code, used.department_code, used.quantity,
                round(cost.amount * used.quantity / sum(used.quantity) over (partition by used.service_code), 2)
            from (
                select service_code, department_code, sum(quantity) as quantity
                from chargeback.usage
                where month = '2026-10-01'
                group by service_code, department_code) as used
            join chargeback.cost_pools pool on pool.service_code = used.service_code
            join (
                select pool_code, sum(amount) as amount
                from chargeback.cost_entries
                where month = '2026-10-01'
                group by pool_code) as cost on cost.pool_code = pool.code
            """);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> ExplanationP95(HttpClient client, string run)
    {
        var statements = await Get(client, $"/internal/v1/statements?month={Month}&limit=500");
        var issued = statements["items"]!.AsArray().Where(item => (string)item!["runId"]! == run).ToList();
        List<double> milliseconds = [];
        for (var i = 0; i < Explanations; i++)
        {
            var statement = await Get(client, $"/internal/v1/statements/{(string)issued[i % issued.Count]!["id"]!}");
            var lines = statement["lines"]!.AsArray();
            var started = Stopwatch.GetTimestamp();
            await Get(client, $"/internal/v1/statement-lines/{(string)lines[i % lines.Count]!["id"]!}/explanation");
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return milliseconds.Order().ElementAt(Explanations * 95 / 100);
    }

    private static async Task SetUp(HttpClient client, NpgsqlDataSource database, int rows)
    {
        await Execute(database, string.Create(CultureInfo.InvariantCulture, $"""
            insert into organisation.departments (code, name, kind, active, version, created_at, changed_at)
            select 'D' || n, 'Department ' || n, 'internal', true, 1, now(), now()
            from generate_series(0, {Departments - 1}) n;
            insert into organisation.services (
                code, name, unit, owner_department, audience, charging, pricing, active, version, created_at,
                changed_at)
            select 'S' || n, 'Service ' || n, 'hour', 'D0', 'internal', 'chargeback', 'costRecovery', true, 1, now(),
                now()
            from generate_series(0, {Services - 1}) n;
            insert into chargeback.cost_pools (code, name, kind, service_code, version, created_at, changed_at)
            select 'P' || n, 'Pool ' || n, 'service', 'S' || n, 1, now(), now()
            from generate_series(0, {Services - 1}) n;
            """));
        await Execute(database, string.Create(CultureInfo.InvariantCulture, $"""
            insert into chargeback.usage (
                source, id, department_code, service_code, at, quantity, month, origin_month, received_at)
            select 'bench', n::text, 'D' || n % {Departments}, 'S' || n / {Departments} % {Services},
                '2026-10-05T10:00:00Z', 1 + n % 97 + (n % 1000) / 1000.0, '2026-10-01', '2026-10-01', now()
            from generate_series(1, {rows}) n;
            analyze chargeback.usage;
            """));
        foreach (var pool in Enumerable.Range(0, Services))
        {
            await Send(client, $"/internal/v1/cost-pools/P{pool}/entries/batch", new[]
            {
                new
                {
                    reference = $"cost-{pool}",
                    month = Month,
                    amount = new { amount = "12345.67", currency = "USD" },
                },
            });
        }

        await Send(client, $"/internal/v1/periods/{Month}/close", null);
        await Eventually.Holds(async () =>
            (await Get(client, $"/internal/v1/periods/{Month}"))["blockedBy"] is not null);
        await Send(client, "/internal/v1/rule-sets", new
        {
            method = "direct",
            rules = Enumerable.Range(0, Services)
                .Select(pool => new { pool = $"P{pool}", driver = new { kind = "usage", service = $"S{pool}" } }),
        });
    }

    private static async Task<JsonNode> Send(HttpClient client, string path, object? body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
            Headers = { { "Idempotency-Key", $"{Guid.CreateVersion7(Clock.System.GetUtcNow())}" } },
        };
        using var answer = await client.SendAsync(request);
        return await Read(answer);
    }

    private static async Task<JsonNode> Get(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return await Read(answer);
    }

    private static async Task<JsonNode> Read(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException(text);
    }

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
