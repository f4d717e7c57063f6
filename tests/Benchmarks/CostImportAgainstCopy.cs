using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Demo;
using EndToEnd.Tests;
using Npgsql;
using Testing;

namespace Benchmarks;

/// <summary>
/// A FOCUS file through the gateway, mapped, summed exactly and stored, against a bare COPY of the same file into a
/// table of texts; and what ten times the rows cost in time and memory. Every import is reversed, so that the same file
/// counts again.
/// </summary>
internal static class CostImportAgainstCopy
{
    private static readonly int[] Sizes = [100_000, 1_000_000];

    private static readonly string[] Pools = ["COMPUTE", "STORAGE", "NETWORK", "MANAGEMENT"];

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var mesh = await Mesh.Start();
        using var client = await mesh.Client();
        client.Timeout = TimeSpan.FromMinutes(5);
        await using var database = NpgsqlDataSource.Create(
            mesh.Databases["internal_services"].SuperuserConnectionString);
        await SetUp(client);
        List<Figure> figures = [];
        List<(double Seconds, double Mebibytes)> measured = [];
        foreach (var rows in Sizes)
        {
            var path = Path.GetTempFileName();
            try
            {
                FocusFile.Write(path, 2026, 10, rows);
                var (ours, peer, ratio) = await Pairs.Measure(
                    () => Import(client, path, rows), () => Copy(database, path, rows));
                measured.Add((rows / ours, ProcessMemory.AtMost(mesh.Internal.Id)));
                figures.Add(new(
                    $"FOCUS import through the gateway, {rows:N0} rows of {new FileInfo(path).Length / rows:N0} bytes",
                    $"{ours:N0} rows/s",
                    $"COPY of the same file {peer:N0} rows/s",
                    $"{ratio:0.00}",
                    "–"));
            }
            finally
            {
                File.Delete(path);
            }
        }

        figures.Add(new(
            "  ten times the rows: time, and peak memory of the service",
            $"× {measured[1].Seconds / measured[0].Seconds:0.0}, {measured[1].Mebibytes:N0} MiB",
            $"before {measured[0].Mebibytes:N0} MiB",
            $"× {measured[1].Mebibytes / measured[0].Mebibytes:0.00}",
            "time × 10, memory × 1"));
        return figures;
    }

    /// <summary>
    /// A pool for each category, a department for each business unit, one customer; the rest is shared.
    /// </summary>
    private static async Task SetUp(HttpClient client)
    {
        string[] categories = ["Compute", "Storage", "Networking", "Management and Governance"];
        string[] units = ["SALES", "RND", "OPS", "FINANCE"];
        foreach (var unit in units)
        {
            await Sent(client.PostAsJsonAsync("/internal/v1/departments", new { code = unit, name = unit }));
        }

        foreach (var (category, pool) in categories.Zip(Pools))
        {
            await Sent(client.PostAsJsonAsync(
                "/internal/v1/cost-pools", new { code = pool, name = category, kind = "support" }));
        }

        object[] rules =
        [
            .. categories.Zip(Pools).Select(pair => new
            {
                code = pair.Second,
                when = new { serviceCategory = pair.First },
                pool = pair.Second,
            }),
            .. units.Select(unit => Tagged("business_unit", unit, "department")),
            Tagged("customer", "ACME", "customer"),
            new { code = "rest", assignee = new { kind = "shared" } },
        ];
        using var request = new HttpRequestMessage(HttpMethod.Put, "/internal/v1/mapping-rules")
        {
            Content = JsonContent.Create(new { rules }),
            Headers = { IfMatch = { new EntityTagHeaderValue("\"1\"") } },
        };
        await Sent(client.SendAsync(request));

        static object Tagged(string key, string value, string kind) => new
        {
            code = value,
            when = new { tags = new[] { new { key, value } } },
            assignee = new { kind, code = value },
        };
    }

    private static async Task<double> Import(HttpClient client, string path, int rows)
    {
        await using var file = File.OpenRead(path);
        using var content = new StreamContent(file) { Headers = { ContentType = new("text/csv") } };
        var started = Stopwatch.GetTimestamp();
        var import = await Sent(client.PostAsync("/internal/v1/cost-imports", content));
        var elapsed = Stopwatch.GetElapsedTime(started);
        if ((int)import["rowsImported"]! != rows) throw new InvalidOperationException($"{import}");
        using var reversal = new HttpRequestMessage(
            HttpMethod.Post, $"/internal/v1/cost-imports/{import["id"]}/reverse")
        {
            Headers = { { "Idempotency-Key", $"{Guid.CreateVersion7(Clock.System.GetUtcNow())}" } },
        };
        await Sent(client.SendAsync(reversal));
        return rows / elapsed.TotalSeconds;
    }

    private static async Task<double> Copy(NpgsqlDataSource database, string path, int rows)
    {
        await using var connection = await database.OpenConnectionAsync();
        using var file = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, 64 * 1024);
        var columns = (await file.ReadLineAsync())!.Split(',');
        var texts = string.Join(", ", columns.Select(column => $"{column} text"));
        await Execute(connection, "drop schema if exists bench cascade; create schema bench");
        await Execute(connection, $"create table bench.focus ({texts})");
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginTextImportAsync("copy bench.focus from stdin (format csv)"))
        {
            var buffer = new char[64 * 1024];
            for (int read; (read = await file.ReadAsync(buffer)) > 0;) await copy.WriteAsync(buffer.AsMemory(0, read));
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        await using var count = new NpgsqlCommand("select count(*) from bench.focus", connection);
        if ((long)(await count.ExecuteScalarAsync())! != rows) throw new InvalidOperationException("Rows are missing.");
        return rows / elapsed.TotalSeconds;
    }

    private static async Task<JsonNode> Sent(Task<HttpResponseMessage> sending)
    {
        using var answer = await sending;
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException(text);
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
