using Testing;

namespace InternalServices.Api.Tests;

public sealed class AcknowledgementTests : IAsyncLifetime
{
    private readonly InternalServicesFixture _mesh = new();
    private Month _month = null!;

    public async ValueTask InitializeAsync()
    {
        await _mesh.InitializeAsync();
        _month = await Month.SetUp(_mesh);
        await _month.CloseCompletely(1, 45);
    }

    [Fact]
    public async Task A_department_acknowledges_its_statement_once()
    {
        var (id, department) = (await _month.StatementId(_month.Sales), _mesh.Department(_month.Sales));
        var issued = (await department.Get($"statements/{id}")).Is(200)["statement"];
        Assert.Equal(
            TimeSpan.FromDays(10), (DateTimeOffset)issued["acknowledgeBy"]! - (DateTimeOffset)issued["issuedAt"]!);

        var key = ApiClient.NewKey();
        var acknowledged = (await department.Post($"statements/{id}/acknowledge", key: key)).Is(200);
        Assert.Equal(("acknowledged", "\"2\""), (acknowledged.Text("state"), acknowledged.ETag));
        Assert.NotNull(acknowledged["acknowledged"]["by"]);
        Assert.True((await department.Post($"statements/{id}/acknowledge", key: key)).Is(200).Replayed);

        var again = (await department.Post($"statements/{id}/acknowledge")).Refuses(409, "statement-state");
        Assert.Equal("acknowledged", again.Text("state"));
        Assert.Empty(again["allowed"].AsArray());
    }

    [Fact]
    public async Task Nobody_else_acknowledges_it()
    {
        var path = $"statements/{await _month.StatementId(_month.Sales)}/acknowledge";

        (await _mesh.Provider.Post(path)).Refuses(403, "forbidden");
        (await _mesh.Department(_month.Research).Post(path)).Refuses(404, "statement-not-found");
        (await _mesh.Customer("ACME").Post(path)).Refuses(403, "forbidden");
        Assert.Equal("issued", (string)(await _month.Statement(_month.Sales))["statement"]["state"]!);
    }

    [Fact]
    public async Task A_statement_whose_run_was_undone_is_not_acknowledged_any_more()
    {
        var id = await _month.StatementId(_month.Sales);
        await Reopen();
        var run = (string)(await _month.Statement(_month.Sales))["statement"]["runId"]!;
        (await _mesh.Provider.Post($"runs/{run}/reverse", new { reason = "A cost was missing" }, ApiClient.NewKey()))
            .Is(200);

        var refused = await _mesh.Department(_month.Sales).Post($"statements/{id}/acknowledge");
        Assert.Equal("reversed", refused.Refuses(409, "statement-state").Text("state"));
    }

    [Fact]
    public async Task Time_acknowledges_each_statement_once_whatever_the_number_of_replicas()
    {
        await using var early = await _mesh.Replica(TimeSpan.FromDays(9.9));
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Assert.Equal(0L, await Count("state <> 'issued'"));

        var own = await _month.StatementId(_month.Research);
        (await _mesh.Department(_month.Research).Post($"statements/{own}/acknowledge")).Is(200);
        await using var one = await _mesh.Replica(TimeSpan.FromDays(10.1));
        await using var other = await _mesh.Replica(TimeSpan.FromDays(10.1));

        var sales = await Eventually.Gives(
            () => _month.Statement(_month.Sales),
            document => (string)document["statement"]["state"]! == "acknowledged");
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Assert.Null(sales["statement"]["acknowledged"]!["by"]);
        Assert.Equal(2L, await Count("state = 'acknowledged' and version = 2"));
        Assert.Equal(1L, await Count("acknowledged_by is null and acknowledged_at is not null"));

        // Nobody stands for all external customers together.
        Assert.Equal(1L, await Count("state = 'issued' and department_code = 'EXTERNAL-BUSINESS'"));
    }

    [Fact]
    public void A_department_has_at_least_a_day_and_at_most_a_year() => Assert.All(
        ["0", "366"],
        days => Assert.Throws<InvalidOperationException>(() => InternalServicesApp.Build(
            [.. _mesh.Settings, $"--Statements:AcknowledgementDays={days}"])));

    public ValueTask DisposeAsync() => _mesh.DisposeAsync();

    private async Task Reopen() => (await _mesh.Client(_mesh.Issuer.Provider("controller"))
        .Post($"{_month.Path}/reopen", new { reason = "A cost was missing" }, ApiClient.NewKey())).Is(200);

    private Task<long> Count(string condition) =>
        _mesh.Scalar<long>($"select count(*) from chargeback.statements where {condition}");
}
