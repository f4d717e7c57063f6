using System.Text.Json;
using ExternalServices.Domain.Contracts;
using static ExternalServices.Domain.Tests.Days;

namespace ExternalServices.Domain.Tests.Contracts;

public sealed class ProrationCasesTests
{
    private static readonly Cases Proration = new("proration");

    public static TheoryData<string> AmountNames => Proration.Where(input => input.TryGetProperty("price", out _));

    public static TheoryData<string> ChangeNames => Proration.Where(input => !input.TryGetProperty("price", out _));

    [Theory]
    [MemberData(nameof(AmountNames))]
    public void Prorates_as_published(string name)
    {
        var input = Proration[name].GetProperty("input");
        var expected = Proration[name].GetProperty("expected");
        var share = ShareOf(input, expected);

        Assert.Equal(expected.Number("amount"), share.AmountOf(PriceOf(input)!, input.Currency()));
    }

    [Theory]
    [MemberData(nameof(ChangeNames))]
    public void Changes_as_published(string name)
    {
        var input = Proration[name].GetProperty("input");
        var expected = Proration[name].GetProperty("expected");

        var change = ShareOf(input, expected).Change(
            input.TryGetProperty("old", out var old) ? PriceOf(old) : null,
            input.TryGetProperty("new", out var @new) ? PriceOf(@new) : null,
            input.Currency());

        Assert.Equal(expected.Number("credit"), change.Credit);
        Assert.Equal(expected.Number("charge"), change.Charge);
        Assert.Equal(expected.Number("net"), change.Net);
    }

    [Fact]
    public void The_days_of_instants_are_those_of_the_zone()
    {
        var part = new InstantRange(Utc("2026-01-15T22:30Z"), Utc("2026-01-31T23:00Z"));
        var full = new InstantRange(Utc("2025-12-31T23:00Z"), Utc("2026-01-31T23:00Z"));

        Assert.Equal(
            new ProrationShare(17, 31), ProrationShare.Of(ProrationMethod.Day, part, full, Zone("Europe/Berlin")));
    }

    private static AgreedPrice PriceOf(JsonElement element) =>
        new(element.Number("price"), element.Number("quantity", 1));

    /// <summary>The share as the case gives it: counted, as local dates, or as instants in a zone.</summary>
    private static ProrationShare ShareOf(JsonElement input, JsonElement expected)
    {
        var method = Enum.Parse<ProrationMethod>(input.Text("method"), ignoreCase: true);
        if (method == ProrationMethod.None)
        {
            return ProrationShare.Of(method, default, default, TimeZoneInfo.Utc);
        }

        if (input.TryGetProperty("seconds", out var seconds))
        {
            var full = input.GetProperty("fullSeconds").GetInt64();
            return ProrationShare.Of(method, Elapsed(seconds.GetInt64()), Elapsed(full), TimeZoneInfo.Utc);
        }

        if (input.TryGetProperty("days", out var days))
        {
            return new ProrationShare(days.GetInt32(), input.GetProperty("fullDays").GetInt32());
        }

        var share = input.TryGetProperty("zone", out var zone)
            ? ProrationShare.Of(
                method,
                Instants(input, "from", "to"),
                Instants(input, "periodFrom", "periodTo"),
                Zone(zone.GetString()!))
            : ProrationShare.OfDays(
                Range(input.Text("from"), input.Text("to")), Range(input.Text("periodFrom"), input.Text("periodTo")));
        Assert.Equal(expected.GetProperty("days").GetInt64(), share.Part);
        Assert.Equal(expected.GetProperty("fullDays").GetInt64(), share.Whole);
        return share;
    }

    private static InstantRange Instants(JsonElement input, string start, string end) =>
        new(Utc(input.Text(start)), Utc(input.Text(end)));

    private static InstantRange Elapsed(long seconds) =>
        new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds));
}
