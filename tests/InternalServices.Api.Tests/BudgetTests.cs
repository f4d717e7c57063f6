namespace InternalServices.Api.Tests;

public sealed class BudgetTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private string _sales = null!;
    private string _research = null!;

    private string Path => $"departments/{_sales}/budgets";

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        var organisation = new Organisation(_mesh.Provider);
        (_sales, _research) = (await organisation.Department("SALES"), await organisation.Department("RESEARCH"));
    }

    [Fact]
    public async Task Planning_the_same_months_again_makes_a_version_and_keeps_the_earlier()
    {
        var first = (await Plan("2026-01", "100.00", "0.00", "250.50")).Is(201);
        Assert.Equal(("1", "350.50", "\"1\""), ($"{first["version"]}", (string)first["total"]["amount"]!, first.ETag));
        Assert.Equal(
            ["2026-01", "2026-02", "2026-03"], first["months"].AsArray().Select(planned => (string)planned!["month"]!));

        (await Plan("2026-01", "90.00", "10.00", "250.50")).Is(201);
        await Plan("2026-04", "1.00");
        Assert.Equal("90.00", AmountOf((await _mesh.Provider.Get($"{Path}/2026-01")).Is(200)));
        Assert.Equal("100.00", AmountOf((await _mesh.Provider.Get($"{Path}/2026-01?version=1")).Is(200)));
        Assert.Equal(["2", "1"], await Listed($"{Path}/2026-01/versions?", "version"));
        Assert.Equal(["2026-04", "2026-01"], await Listed($"{Path}?", "from"));

        var page = (await _mesh.Provider.Get($"{Path}?limit=1")).Is(200);
        Assert.Equal(["2026-01"], await Listed($"{Path}?cursor={page.Text("next")}", "from"));
    }

    [Fact]
    public async Task Budgets_of_a_department_never_overlap()
    {
        (await Plan("2026-01", "1.00", "1.00", "1.00")).Is(201);

        (await Plan("2026-03", "1.00")).Refuses(409, "budget-overlap");
        (await Plan("2025-12", "1.00", "1.00")).Refuses(409, "budget-overlap");
        (await Plan("2026-01", "1.00")).Refuses(409, "budget-overlap");
        (await Plan("2026-04", "1.00")).Is(201);
        (await Plan("2025-12", "1.00")).Is(201);
        Assert.Equal(3, (await _mesh.Provider.List($"{Path}?")).Count);
    }

    [Fact]
    public async Task Two_who_plan_at_once_make_two_versions()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Plan("2026-01", "1.00")));
        Assert.All(answers, answer => answer.Is(201));
        Assert.Equal(
            Enumerable.Range(1, 8), answers.Select(answer => (int)answer["version"]).Order());
    }

    [Fact]
    public async Task What_is_no_budget_is_refused_and_changes_nothing()
    {
        (await Plan("2026-01")).Refuses(422, "invalid-fields").RefusesField("/amounts", "invalid-count");
        (await Plan("2026-01", [.. Enumerable.Repeat("1.00", 25)])).RefusesField("/amounts", "invalid-count");
        (await Plan("2191-01", "1.00")).RefusesField("/from", "out-of-range");
        (await Plan("2026-01", "1.00", "-0.01")).RefusesField("/amounts/1/amount", "out-of-range");
        (await Plan("2026-01", "10000000000000.00")).RefusesField("/amounts/0/amount", "out-of-range");
        (await Plan("2026-13", "1.00")).Refuses(400, "unreadable").RefusesField("/from", "unreadable");
        (await Plan("2026-01", "1.001")).Refuses(400, "unreadable");
        (await Post(new { from = "2026-01", amounts = new[] { new { amount = "1", currency = "EUR" } }, reason = "x" }))
            .RefusesField("/amounts/0/currency", "currency-mismatch");
        (await Post(new { from = "2026-01", amounts = new[] { Usd("1") }, reason = " " }))
            .RefusesField("/reason", "invalid-text");
        (await _mesh.Provider.Post(
            "departments/NOBODY/budgets",
            new { from = "2026-01", amounts = new[] { Usd("1") }, reason = "x" },
            ApiClient.NewKey())).Refuses(404, "department-not-found");
        (await _mesh.Provider.Get($"{Path}/2026-01")).Refuses(404, "budget-not-found");
        Assert.Empty(await _mesh.Provider.List($"{Path}?"));
    }

    [Fact]
    public async Task A_department_sees_its_own_budget_and_plans_none()
    {
        (await Plan("2026-01", "1.00")).Is(201);

        (await _mesh.Department(_sales).Get($"{Path}/2026-01")).Is(200);
        (await _mesh.Department(_research).Get($"{Path}/2026-01")).Refuses(404, "budget-not-found");
        Assert.Empty(await _mesh.Department(_research).List($"{Path}?"));
        Assert.Empty(await _mesh.Department(_research).List($"{Path}/2026-01/versions?"));
        (await _mesh.Department(_sales).Post(Path, new { }, ApiClient.NewKey())).Refuses(403, "forbidden");
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private Task<ApiAnswer> Plan(string from, params string[] amounts) =>
        Post(new { from, amounts = amounts.Select(Usd), reason = "Plan of the year" });

    private Task<ApiAnswer> Post(object body) => _mesh.Provider.Post(Path, body, ApiClient.NewKey());

    private async Task<IEnumerable<string>> Listed(string path, string member) =>
        (await _mesh.Provider.List(path)).Select(item => $"{item[member]}");

    private static string AmountOf(ApiAnswer budget) => (string)budget["months"][0]!["amount"]!["amount"]!;

    private static object Usd(string amount) => new { amount, currency = "USD" };
}
