using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using EndToEnd.Tests;
using Npgsql;
using NpgsqlTypes;
using Testing;
using Testing.Services;

namespace Benchmarks;

/// <summary>
/// Usage over HTTP through the gateway, token checked and deduplicated, against a bare binary COPY of the same rows
/// into a table with the same columns and indexes. Rows are counted after each run.
/// </summary>
internal static class UsageIngest
{
    private const int Clients = 4;
    private const int Batches = 100;
    private const int BatchSize = 1_000;
    private const int Customers = 50;

    private const string CopyRows = """
        copy usage.copied (customer, source, id, service, at, quantity, cost_month, batch, accepted_at)
        from stdin (format binary)
        """;

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var mesh = await Mesh.Start(
            "--Gateway:RateLimit:RequestsPerSecond=1000000", "--Gateway:RateLimit:Burst=1000000");
        using var client = await mesh.Client();
        await SetUp(client);
        await using var database = NpgsqlDataSource.Create(
            mesh.Databases["external_services"].SuperuserConnectionString);
        var run = 0;
        var (ours, peer, ratio) = await Pairs.Measure(
            () => PostCounted(client, database, ++run), () => Copy(database, run));
        await Post(client, "/internal/v1/usage/batch", Bodies(run, "department", _ => "OPS"));
        return
        [
            new(
                $"usage over HTTP through the gateway, batches of {BatchSize}, {Clients} clients",
                $"{ours:N0} events/s",
                $"binary COPY {peer:N0} rows/s",
                $"{ratio:0.00}",
                "≥ 0.5, ≥ 50,000/s"),
            UnderLoad("external-services", mesh.External),
            UnderLoad("internal-services", mesh.Internal),
            UnderLoad("gateway", mesh.Gateway),
        ];
    }

    private static Figure UnderLoad(string name, ServiceProcess process) =>
        new($"{name}: memory under such load", $"{ProcessMemory.AtMost(process.Id):N0} MiB", "–", "–", "≤ 150 MiB");

    private static async Task<double> PostCounted(HttpClient client, NpgsqlDataSource database, int run)
    {
        var bodies = Bodies(run, "customer", i => $"C{i % Customers:D3}");
        var before = await Count(database, "usage.events");
        var elapsed = await Post(client, "/external/v1/usage-events/batch", bodies);
        Check(await Count(database, "usage.events") - before);
        return Batches * BatchSize / elapsed.TotalSeconds;
    }

    private static async Task<TimeSpan> Post(HttpClient client, string path, byte[][] bodies)
    {
        var clients = new ParallelOptions { MaxDegreeOfParallelism = Clients };
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(bodies, clients, async (body, cancellation) =>
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            using var answer = await client.PostAsync(path, content, cancellation);
            answer.EnsureSuccessStatusCode();
        });
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>The rows of the run just posted, so that both write the same.</summary>
    private static async Task<double> Copy(NpgsqlDataSource database, int run)
    {
        await using var connection = await database.OpenConnectionAsync();
        await Execute(connection, "create table if not exists usage.copied (like usage.events including all)");
        var rows = await Rows(connection, run);
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginBinaryImportAsync(CopyRows))
        {
            foreach (var row in rows)
            {
                await copy.StartRowAsync();
                await copy.WriteAsync(row.Customer, NpgsqlDbType.Text);
                await copy.WriteAsync(row.Source, NpgsqlDbType.Text);
                await copy.WriteAsync(row.Id, NpgsqlDbType.Text);
                await copy.WriteAsync(row.Service, NpgsqlDbType.Text);
                await copy.WriteAsync(row.At, NpgsqlDbType.TimestampTz);
                await copy.WriteAsync(row.Quantity, NpgsqlDbType.Numeric);
                await copy.WriteAsync(row.Month, NpgsqlDbType.Date);
                await copy.WriteAsync(row.Batch, NpgsqlDbType.Bigint);
                await copy.WriteAsync(row.At, NpgsqlDbType.TimestampTz);
            }

            await copy.CompleteAsync();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        Check(rows.Count);
        return rows.Count / elapsed.TotalSeconds;
    }

    private static async Task<List<Row>> Rows(NpgsqlConnection connection, int run)
    {
        await using var command = new NpgsqlCommand(
            """
            select customer, source, id, service, at, quantity, cost_month, batch
            from usage.events where source = @source order by batch, id
            """,
            connection)
        {
            Parameters = { new("source", Source(run)) },
        };
        await using var reader = await command.ExecuteReaderAsync();
        List<Row> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetDecimal(5),
                reader.GetFieldValue<DateOnly>(6),
                reader.GetInt64(7)));
        }

        return rows;
    }

    private static byte[][] Bodies(int run, string user, Func<int, string> userOf) =>
        [.. Enumerable.Range(0, Batches).Select(batch => Body(run, batch, user, userOf))];

    private static byte[] Body(int run, int batch, string user, Func<int, string> userOf)
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < BatchSize; i++)
        {
            if (i > 0) json.Append(',');
            json.Append(
                CultureInfo.InvariantCulture,
                $$"""
                {"source":"{{Source(run)}}","id":"{{batch:D4}}-{{i:D5}}","{{user}}":"{{userOf(i)}}",
                "service":"STORAGE","at":"2026-10-{{1 + i % 28:D2}}T10:{{i % 60:D2}}:00Z",
                "quantity":"{{1 + i % 97}}.{{i % 1000:D3}}"}
                """);
        }

        return Encoding.UTF8.GetBytes(json.Append(']').ToString());
    }

    private static string Source(int run) => $"bench-{run:D3}";

    private static void Check(long rows)
    {
        if (rows != Batches * BatchSize) throw new InvalidOperationException($"{rows} rows arrived.");
    }

    private static async Task SetUp(HttpClient client)
    {
        await Create(client, "/internal/v1/departments", new { code = "OPS", name = "Operations" });
        await Create(client, "/internal/v1/services", new
        {
            code = "STORAGE",
            name = "Storage",
            unit = "GB-month",
            ownerDepartment = "OPS",
            audience = "both",
            charging = "chargeback",
            pricing = "costRecovery",
        });
        var address = new { street = "Gran Vía 28", city = "Madrid", postalCode = "28013" };
        await Create(client, "/external/v1/legal-entities", new
        {
            code = "NORTHWIND",
            name = "Northwind",
            address,
            country = "ES",
            currency = "USD",
            zone = "Europe/Madrid",
        });
        foreach (var i in Enumerable.Range(0, Customers))
        {
            await Create(client, "/external/v1/customers", new
            {
                code = $"C{i:D3}",
                legalEntity = "NORTHWIND",
                name = $"Customer {i}",
                address,
                country = "ES",
                currency = "USD",
                zone = "Europe/Madrid",
                language = "en",
                paymentTermsDays = 30,
            });
        }

        await Eventually.Holds(async () =>
            JsonNode.Parse(await client.GetStringAsync("/external/v1/services"))!["items"]!.AsArray().Count == 1);
    }

    private static async Task Create(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<long> Count(NpgsqlDataSource database, string table)
    {
        await using var command = database.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Row(
        string Customer,
        string Source,
        string Id,
        string Service,
        DateTimeOffset At,
        decimal Quantity,
        DateOnly Month,
        long Batch);
}
