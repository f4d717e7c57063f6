using System.Net;
using System.Text.Json.Nodes;

namespace ExternalServices.Api.Tests.Usage;

public sealed class RecordUsageTests(ExternalService service)
{
    private const string Path = "/external/v1/usage-events/batch";
    private const string Noon = "2026-10-05T12:00:00Z";

    [Fact]
    public async Task An_event_is_recorded_once_for_ever()
    {
        var world = await World.Create(service);
        object[] batch = [world.Usage("1", Noon, "12.5"), world.Usage("2", "2026-10-05T11:00:00Z", "0")];

        Assert.Equal(["accepted", "accepted"], Results(await world.Record(batch)));
        Assert.Equal(["duplicate", "duplicate"], Results(await world.Record(batch)));
        var other = await world.Record(world.Usage("1", Noon, "12.6"), world.Usage("3", Noon, "1"));
        Assert.Equal(["conflict", "accepted"], Results(other));
        Assert.Equal("recorded-differently", other.Text("items.0.code"));
        Assert.Equal(
            ["1", "0", "1", "0"],
            [other.Text("accepted"), other.Text("duplicates"), other.Text("conflicts"), other.Text("rejected")]);
    }

    [Fact]
    public async Task The_same_content_may_be_written_in_another_way()
    {
        var world = await World.Create(service);
        await world.Record(world.Usage("1", Noon, "12.5"));
        var again = await world.Record(world.Usage("1", "2026-10-05T14:00:00+02:00", "12.500"));
        Assert.Equal(["duplicate"], Results(again));
    }

    [Fact]
    public async Task A_key_that_comes_twice_in_a_batch_is_recorded_once()
    {
        var world = await World.Create(service);
        var answer = await world.Record(
            world.Usage("1", Noon, "1"),
            world.Usage("1", Noon, "1"),
            world.Usage("1", Noon, "2"));
        Assert.Equal(["accepted", "duplicate", "conflict"], Results(answer));
    }

    [Theory]
    [InlineData("-1", "negative-quantity")]
    [InlineData("NaN", "invalid-quantity")]
    [InlineData("1e3", "invalid-quantity")]
    [InlineData("", "invalid-quantity")]
    [InlineData("1,5", "invalid-quantity")]
    [InlineData("1234567890123456789012345678901234567890", "invalid-quantity")]
    [InlineData("1000000000", "quantity-out-of-range")]
    [InlineData("0.1234567890123456", "quantity-out-of-range")]
    public async Task A_bad_quantity_is_rejected_and_the_rest_recorded(string quantity, string code)
    {
        var world = await World.Create(service);
        var answer = await world.Record(
            world.Usage("1", Noon, quantity), world.Usage("2", Noon, "1"));
        Assert.Equal(["rejected", "accepted"], Results(answer));
        Assert.Equal(code, answer.Text("items.0.code"));
    }

    [Theory]
    [InlineData("2026-13-01T00:00:00Z", "invalid-instant")]
    [InlineData("2026-10-05T10:00:00", "invalid-instant")]
    [InlineData("2126-10-05T10:00:00Z", "in-the-future")]
    [InlineData("1999-12-31T10:00:00Z", "too-long-ago")]
    public async Task A_bad_instant_is_rejected(string at, string code)
    {
        var world = await World.Create(service);
        Assert.Equal(code, (await world.Record(world.Usage("1", at, "1"))).Text("items.0.code"));
    }

    [Theory]
    [InlineData("ASSISTANCE")]
    [InlineData("RETIRED")]
    [InlineData("NOWHERE")]
    public async Task A_service_that_is_not_offered_to_customers_is_rejected(string code)
    {
        var world = await World.Create(service);
        var answer = await world.Record(world.Usage("1", Noon, "1", code));
        Assert.Equal("service-not-found", answer.Text("items.0.code"));
    }

    [Fact]
    public async Task A_customer_records_its_own_usage_only()
    {
        var mine = await World.Create(service);
        var other = await World.Create(service);
        var answer = await service.As(mine.Customer).Post(
            Path,
            new[] { mine.Usage("1", Noon, "1"), other.Usage("1", Noon, "1") },
            HttpStatusCode.OK);
        Assert.Equal(["accepted", "rejected"], Results(answer));
        Assert.Equal("customer-not-found", answer.Text("items.1.code"));
    }

    [Fact]
    public async Task Too_many_items_are_refused_as_a_whole()
    {
        var world = await World.Create(service);
        var events = Enumerable.Range(0, 10_001).Select(i => world.Usage($"{i}", Noon, "1")).ToArray();
        var problem = await service.Provider.Post(Path, events, HttpStatusCode.UnprocessableEntity);
        Assert.Equal("too-many-items", problem.Code());
        Assert.Equal(["accepted"], Results(await world.Record(events[0])));
        Assert.Equal("10000", (await service.Provider.Post(Path, events[1..], HttpStatusCode.OK)).Text("accepted"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("[1]")]
    [InlineData("[")]
    [InlineData("""[{"source":"m","id":"1","customer":"C","service":"S","at":Noon,"quantity":1}]""")]
    [InlineData("""[{"source":"m","id":"1","customer":"C","service":"S","at":"x","quantity":"1","colour":"red"}]""")]
    public async Task A_body_of_another_form_is_unreadable(string body) =>
        Assert.Equal("unreadable", (await service.Provider.PostText(Path, body, HttpStatusCode.BadRequest)).Code());

    [Fact]
    public async Task A_body_that_is_too_large_or_no_json_is_refused()
    {
        var large = await service.Provider.PostText(
            Path, $"[\"{new string('x', 9 * 1024 * 1024)}\"]", HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal("body-too-large", large.Code());
        var csv = await service.Provider.PostText(Path, "a,b", HttpStatusCode.UnsupportedMediaType, "text/csv");
        Assert.Equal("unsupported-media-type", csv.Code());
    }

    [Fact]
    public async Task Many_writers_with_the_same_events_record_each_once()
    {
        var world = await World.Create(service);
        var events = Enumerable.Range(0, 200).Select(i => world.Usage($"{i}", Noon, "1")).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Record(events)));
        Assert.Equal(200, answers.Sum(answer => answer["accepted"]!.GetValue<int>()));
        Assert.Equal(1400, answers.Sum(answer => answer["duplicates"]!.GetValue<int>()));
    }

    private static string[] Results(JsonNode answer) =>
        [.. answer["items"]!.AsArray().Select(item => item!.Text("result"))];
}
