using System.Globalization;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>Posts what departments and customers used: made from a fixed seed, the same each time.</summary>
internal static class Usage
{
    private const int Seed = 4711;
    private const int EventsPerDay = 12;
    private const int BatchSize = 1_000;
    private const string Source = "metering";

    public static async Task Post(Mesh mesh, DateOnly month)
    {
        await Screen.Step("usage of the departments", () => Post(
            mesh,
            "/internal/v1/usage/batch",
            "department",
            [.. World.Departments.Select(department => department.Code)],
            month));
        await Screen.Step("usage of the customers", () => Post(
            mesh,
            "/external/v1/usage-events/batch",
            "customer",
            [.. World.Customers.Select(customer => customer.Code)],
            month));
    }

    private static async Task Post(Mesh mesh, string path, string consumer, string[] codes, DateOnly month)
    {
        var random = new Random(Seed);
        var events = Enumerable
            .Range(0, DateTime.DaysInMonth(month.Year, month.Month) * EventsPerDay)
            .SelectMany(i => codes.Select(code => Event(random, consumer, code, month, i)))
            .ToArray();
        foreach (var batch in events.Chunk(BatchSize))
        {
            var answer = await mesh.Post(path, batch);
            var refused = answer["rejected"]!.GetValue<int>() + answer["conflicts"]!.GetValue<int>();
            if (refused > 0)
            {
                throw new RefusedException($"{path} refused {refused} events: {answer["items"]!.ToJsonString()}");
            }

        }
    }

    private static JsonObject Event(Random random, string consumer, string code, DateOnly month, int i)
    {
        var service = World.Services[random.Next(World.Services.Length)];
        var time = new TimeOnly(6 + i % EventsPerDay, random.Next(60));
        var at = month.ToDateTime(time, DateTimeKind.Utc).AddDays(i / EventsPerDay);
        return new JsonObject
        {
            ["source"] = Source,
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"{code}-{month:yyyyMM}-{i:D5}"),
            [consumer] = code,
            ["service"] = service.Code,
            ["at"] = at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["quantity"] = random.Next(1, service.MostPerEvent + 1).ToString(CultureInfo.InvariantCulture),
        };
    }
}
