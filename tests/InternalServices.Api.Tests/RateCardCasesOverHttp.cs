using System.Globalization;
using System.Text.Json;
using ServiceMesh.Testing;

namespace InternalServices.Api.Tests;

/// <summary>
/// The tier cases of <c>pricing.json</c>, each a service of its own whose usage a department is charged for.
/// </summary>
public sealed class RateCardCasesOverHttp(InternalServicesFixture mesh) : IClassFixture<InternalServicesFixture>
{
    private static readonly Cases All = new("pricing");
    private static int _months;

    public static TheoryData<string> Names => All.Where(input =>
        input.Text("model") is "volume" or "graduated"
        && input.Number("quantity") > 0
        && input.Number("previousQuantity", 0) == 0
        && input.GetProperty("charge").Items("tiers").Last().OptionalNumber("upTo") is null);

    private readonly Organisation _organisation = new(mesh.Provider);
    private readonly DateOnly _month = new DateOnly(2002, 1, 1).AddMonths(Interlocked.Increment(ref _months));

    [Fact]
    public void Few_cases_are_left_out() => Assert.InRange(Names.Count, 25, 40);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Charges_the_published_amount(string name)
    {
        var (input, expected) = (All[name].GetProperty("input"), All[name].GetProperty("expected"));
        var (owner, user) = (await _organisation.Department(), await _organisation.Department());
        var service = await _organisation.Service(owner, pricing: "rateCard");
        var pool = await _organisation.Pool(service);
        (await mesh.Provider.Post($"services/{service}/rate-cards", CardOf(input))).Is(201);
        await Used(service, user, input.Text("quantity"));
        (await mesh.Provider.Post("rule-sets", new
        {
            method = "direct",
            rules = new[] { new { pool, driver = new { kind = "usage", service } } },
        })).Is(201);

        var run = (await mesh.Provider.Post("runs", new { month = MonthName }, ApiClient.NewKey())).Is(201);
        var lines = (await mesh.Provider.Get($"runs/{run.Text("id")}/lines")).Is(200).Items.ToDictionary(
            line => (string)line["department"]!,
            line => decimal.Parse((string)line["amount"]!["amount"]!, CultureInfo.InvariantCulture));
        Assert.Equal(expected.Number("amount"), lines[user]);
        Assert.Equal(-expected.Number("amount"), lines[owner]);
    }

    private string MonthName => _month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private object CardOf(JsonElement input) => new
    {
        validFrom = MonthName,
        mode = input.Text("model"),
        difference = "carryForward",
        tiers = input.GetProperty("charge").Items("tiers").Select(tier => new
        {
            upTo = tier.GetProperty("upTo").GetString(),
            unitPrice = tier.TryGetProperty("unitPrice", out var price) ? price.GetString() : "0",
            flatFee = tier.TryGetProperty("flatFee", out var fee) ? fee.GetString() : "0",
        }),
    };

    private async Task Used(string service, string department, string quantity) => (await mesh.Provider.Post(
        "usage/batch",
        new[]
        {
            new UsageItem(
                "meter", Organisation.Code("U"), department, service, $"{MonthName}-05T09:30:00Z", quantity),
        })).Is(200);
}
