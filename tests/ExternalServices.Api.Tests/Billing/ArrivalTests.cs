using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Billing;

/// <summary>Whatever way usage comes, in the end a customer has paid the same.</summary>
public sealed class ArrivalTests(MovableService service) : IClassFixture<MovableService>
{
    private const int Events = 40;

    private static readonly DateTimeOffset Start = new(2026, 9, 1, 0, 0, 0, TimeSpan.FromHours(2));

    /// <summary>
    /// One customer's usage of three months comes in order and in time; another's the same usage comes shuffled and
    /// repeated, a third of it after its bill, with wrong events that are voided or replaced before or after theirs.
    /// </summary>
    [Theory]
    [InlineData("sum", "graduated", 1)]
    [InlineData("sum", "volume", 2)]
    [InlineData("sum", "package", 3)]
    [InlineData("sum", "perUnit", 4)]
    [InlineData("sum", "percentage", 5)]
    [InlineData("count", "graduated", 6)]
    [InlineData("max", "perUnit", 7)]
    [InlineData("last", "perUnit", 8)]
    [InlineData("unique", "graduated", 9)]
    [InlineData("timeWeighted", "graduated", 10)]
    [InlineData("timeWeighted", "perUnit", 11)]
    [InlineData("sum", "graduated", 12)]
    public async Task Order_repetition_lateness_and_corrections_do_not_change_what_is_paid(
        string aggregation, string model, int seed)
    {
        var random = new Random(seed);
        var usage = Enumerable.Range(0, Events).Select(i => Any(random, i)).ToList();
        var wrong = Enumerable.Range(0, Events / 4).Select(i => Any(random, 1000 + i)).ToList();

        var inTime = await Signed(aggregation, model);
        var late = await Signed(aggregation, model);
        for (var month = 9; month <= 12; month++)
        {
            service.Clock.Set(new DateTimeOffset(2026, month, 1, 12, 0, 0, TimeSpan.Zero).AddMonths(1));
            await Send(inTime, usage.Where(each => each.At.Month == month).OrderBy(each => each.At));
            await inTime.Bill($"2026-{month:D2}");

            // The last month is one without usage: what was late until then is billed by it.
            var now = month;
            await Send(late, Shuffled(random, usage.Where(each => Arrives(each) == now)));
            await Send(late, Shuffled(random, usage.Where(each => Arrives(each) <= now && each.Number % 4 == 0)));
            await Send(late, wrong.Where(each => Math.Min(each.At.Month, 11) == now));
            foreach (var each in wrong.Where(each => Arrives(each) == now)) await Correct(late, each);
            await late.Bill($"2026-{month:D2}");
        }

        Assert.Equal(await Paid(inTime), await Paid(late));
        Assert.False(await IsAdjusted(inTime));
        Assert.True(await IsAdjusted(late));
    }

    /// <summary>A third comes in the month after its own; everything is there by the last.</summary>
    private static int Arrives(Used used) => Math.Min(used.At.Month + (used.Number % 3 == 0 ? 1 : 0), 12);

    private static Used Any(Random random, int number) => new(
        number,
        Start.AddMinutes(random.Next(60, 91 * 24 * 60 - 120)),
        random.Next(1, 2000) / 10m,
        $"user-{random.Next(6)}");

    private static Used[] Shuffled(Random random, IEnumerable<Used> used)
    {
        var all = used.ToArray();
        random.Shuffle(all);
        return all;
    }

    /// <summary>A void, or another event that is voided in its turn.</summary>
    private async Task Correct(World world, Used wrong)
    {
        var path = $"/external/v1/usage-events/{world.Customer}/meter/";
        if (wrong.Number % 2 == 0)
        {
            var body = new { reason = "Wrong", replacement = Body(world, wrong with { Number = wrong.Number + 5000 }) };
            body.replacement.Remove("customer");
            await service.Provider.Post($"{path}{wrong.Number}/replace", body, HttpStatusCode.OK, Key());
        }

        var last = wrong.Number % 2 == 0 ? wrong.Number + 5000 : wrong.Number;
        await service.Provider.Post($"{path}{last}/void", new { reason = "Wrong" }, HttpStatusCode.OK, Key());
    }

    private async Task<World> Signed(string aggregation, string model)
    {
        service.Clock.Set(Start.AddDays(1));
        var world = await World.Create(service);
        await world.Tax("ES", "21");
        await world.Publish(
            world.Plan,
            [World.Flat("BASE", "5000.00", "inAdvance"), Charge(aggregation, model)],
            commitments: new
            {
                code = "MIN",
                service = "STORAGE",
                description = "At least",
                amount = "150.00",
                scope = new[] { "STORAGE" },
            });
        await world.SignOn(world.Plan, world.Contract, "2026-09-01");
        return world;
    }

    private static JsonObject Charge(string aggregation, string model)
    {
        var meter = new JsonObject { ["aggregation"] = aggregation };
        if (aggregation == "unique") meter["dimension"] = "user";
        var charge = new JsonObject
        {
            ["code"] = "STORAGE",
            ["service"] = "STORAGE",
            ["description"] = "Used",
            ["price"] = JsonNode.Parse(model switch
            {
                "perUnit" => """{"model":"perUnit","unitPrice":"0.333"}""",
                "package" => """{"model":"package","price":"9.99","size":"70","free":"30"}""",
                "percentage" => """{"model":"percentage","rate":"1.7","fixed":"0.10","free":"50"}""",
                _ => $$"""
                    {"model":"{{model}}","tiers":[
                        {"upTo":"20","unitPrice":"0.777"},
                        {"upTo":"500","unitPrice":"0.333","flatFee":"3.33"},
                        {"upTo":null,"unitPrice":"0.111"}]}
                    """,
            }),
        };
        if (aggregation != "sum") charge["meter"] = meter;
        return charge;
    }

    private static Task<JsonNode> Send(World world, IEnumerable<Used> used)
    {
        var events = used.Select(each => Body(world, each)).ToArray();
        return events.Length == 0 ? Task.FromResult<JsonNode>(new JsonObject()) : world.Record([.. events]);
    }

    private static JsonObject Body(World world, Used used) => new()
    {
        ["source"] = "meter",
        ["id"] = $"{used.Number}",
        ["customer"] = world.Customer,
        ["service"] = "STORAGE",
        ["at"] = $"{used.At:O}",
        ["quantity"] = used.Quantity.ToString(CultureInfo.InvariantCulture),
        ["dimensions"] = new JsonObject { ["user"] = used.User },
    };

    private static async Task<decimal> Paid(World world) =>
        (await world.Invoices()).Sum(invoice =>
            decimal.Parse(invoice!.Text("net.amount"), CultureInfo.InvariantCulture));

    private static async Task<bool> IsAdjusted(World world)
    {
        foreach (var invoice in await world.Invoices())
        {
            var lines = (await world.Provider.Get($"/external/v1/invoices/{invoice!.Text("id")}"))["lines"]!.AsArray();
            if (lines.Any(line => line!.Text("kind") == "lateUsage")) return true;
        }

        return false;
    }

    private static string Key() => $"correct-{World.Next()}";

    private sealed record Used(int Number, DateTimeOffset At, decimal Quantity, string User);
}
