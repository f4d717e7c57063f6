namespace InternalServices.Api.Tests;

public sealed class StatisticTests : IAsyncLifetime
{
    private const string Month = "2026-09";

    private readonly InternalServicesFixture _mesh = new();
    private string _department = null!;
    private string _path = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _department = await new Organisation(_mesh.Provider).Department();
        _path = $"departments/{_department}/statistics/{Month}";
    }

    [Fact]
    public async Task Statistics_are_replaced_as_a_whole_from_the_version_that_was_read()
    {
        var none = (await _mesh.Provider.Get(_path)).Is(200);
        Assert.Empty(none["statistics"].AsArray());
        Assert.Equal("\"0\"", none.ETag);

        var first = (await Put(none.ETag, ("headcount", "12"), ("floor-area", "350.5"))).Is(200);
        Assert.Equal("\"1\"", first.ETag);
        (await Put(none.ETag, ("headcount", "13"))).Refuses(412, "changed-meanwhile");
        (await Put(etag: null, ("headcount", "13"))).Is(428);
        var second = (await Put(first.ETag, ("headcount", "13"))).Is(200);
        Assert.Equal(["headcount 13"], Statistics(second));
        Assert.Equal(["headcount 13"], Statistics((await _mesh.Provider.Get(_path)).Is(200)));
        (await Put(second.ETag)).Is(200);
        Assert.Empty((await _mesh.Provider.Get(_path)).Is(200)["statistics"].AsArray());
    }

    [Fact]
    public async Task Of_two_that_begin_a_month_at_once_one_comes_too_late()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 4).Select(heads => Put("\"0\"", ("headcount", $"{heads}"))));

        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.All(answers.Where(answer => (int)answer.Status != 200), late => late.Refuses(412, "changed-meanwhile"));
    }

    [Fact]
    public async Task What_is_no_statistic_is_refused_by_name()
    {
        (await Put("\"0\"", ("headcount", "1"), ("headcount", "2"), ("no code", "1"), ("area", "-1")))
            .Refuses(422, "invalid-fields")
            .RefusesField("/statistics/1/code", "statistic-repeated")
            .RefusesField("/statistics/2/code", "invalid-code")
            .RefusesField("/statistics/3/quantity", "invalid-quantity");
        (await Put("\"0\"", ("area", "10000000000000"))).RefusesField("/statistics/0/quantity", "invalid-quantity");
        (await Put("\"0\"", ("area", "many"))).Is(400);
        _path = $"departments/NOBODY/statistics/{Month}";
        (await Put("\"0\"", ("headcount", "1"))).Refuses(404, "department-not-found");
        (await _mesh.Provider.Get(_path)).Refuses(404, "department-not-found");
    }

    [Fact]
    public async Task A_department_reads_its_own_and_changes_none()
    {
        (await Put("\"0\"", ("headcount", "12"))).Is(200);
        var own = _mesh.Department(_department);

        Assert.Equal(["headcount 12"], Statistics((await own.Get(_path)).Is(200)));
        (await own.Put(_path, new { statistics = Array.Empty<object>() }, "\"1\"")).Is(403);
        (await _mesh.Department("OTHER").Get(_path)).Refuses(404, "department-not-found");
    }

    [Fact]
    public async Task Statistics_of_a_month_that_closes_stay_as_they_are()
    {
        (await Put("\"0\"", ("headcount", "12"))).Is(200);
        (await _mesh.Provider.Post($"periods/{Month}/close")).Is(202);

        Assert.Equal(
            "closing", (await Put("\"1\"", ("headcount", "13"))).Refuses(409, "period-not-open").Text("state"));
    }

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private Task<ApiAnswer> Put(string? etag, params (string Code, string Quantity)[] statistics) => _mesh.Provider.Put(
        _path,
        new { statistics = statistics.Select(each => new { code = each.Code, quantity = each.Quantity }) },
        etag);

    private static IEnumerable<string> Statistics(ApiAnswer answer) =>
        answer["statistics"].AsArray().Select(statistic => $"{statistic!["code"]} {statistic["quantity"]}");
}
