using System.Text.Json.Nodes;

namespace InternalServices.Api.Tests;

/// <summary>Time-driven activity-based costing, from the rule to the statements.</summary>
public sealed class CapacityTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
    }

    [Fact]
    public async Task Users_pay_the_rate_and_the_owner_sees_what_nobody_used()
    {
        await Rules(practical: "10");
        await _month.CloseCompletely(1, 30);

        Assert.Equal(
            [("shared", "20.00", "2"), ("unusedCapacity", "60.00", "6")], await Lines(_month.Research));
        Assert.Equal([("shared", "10.00", "1")], await Lines(_month.Sales));
        Assert.Equal([("direct", "5.00", "0"), ("shared", "10.00", "1")], await Lines("EXTERNAL-BUSINESS"));
    }

    [Fact]
    public async Task Use_beyond_capacity_keeps_the_rate_and_the_owner_gets_it_back()
    {
        await Rules(practical: "2");
        await _month.CloseCompletely(1, 70);

        Assert.Equal(
            [("overRecovery", "-100.00", "-2"), ("shared", "100.00", "2")], await Lines(_month.Research));
        Assert.Equal([("shared", "50.00", "1")], await Lines(_month.Sales));
        Assert.True((bool)(await _mesh.Provider.Get($"reconciliation/{Month.Name}")).Is(200)["reconciled"]);
    }

    [Fact]
    public async Task A_capacity_that_nothing_used_is_the_owners_whole()
    {
        await Rules(practical: "10", service: await new Organisation(_mesh.Provider).Service(_month.Sales));
        await _month.CloseCompletely(1, 20);

        Assert.Equal([("unusedCapacity", "100.00", "10")], await Lines(_month.Research));
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Rules(string practical, string? service = null) => (await _mesh.Provider.Post("rule-sets", new
    {
        method = "direct",
        rules = new object[]
        {
            new
            {
                pool = _month.Pool,
                driver = new { kind = "usage", service = service ?? _month.Service },
                capacity = new { practical, owner = _month.Research },
            },
            new
            {
                pool = _month.Support,
                driver = new
                {
                    kind = "even",
                    consumers = new[] { new { department = _month.Sales }, new { department = "EXTERNAL-BUSINESS" } },
                },
            },
        },
    })).Is(201);

    /// <summary>Of the service's pool, as the department's statement says.</summary>
    private async Task<IEnumerable<(string Kind, string Amount, string Quantity)>> Lines(string department)
    {
        var statement = Assert.Single(
            (await _mesh.Provider.Get($"statements?month={Month.Name}&department={department}")).Is(200).Items);
        var document = (await _mesh.Provider.Get($"statements/{(string)statement["id"]!}")).Is(200);
        return document["lines"].AsArray()
            .Where(line => (string)line!["pool"]! == _month.Pool)
            .Select(line => (Text(line!, "kind"), (string)line!["amount"]!["amount"]!, Text(line, "quantity")))
            .Order();
    }

    private static string Text(JsonNode line, string member) => (string)line[member]!;
}
