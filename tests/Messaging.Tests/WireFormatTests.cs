using System.Text;
using System.Text.Json;
using Messaging.Tests.Documents;
using ServiceMesh.Contracts;
using ServiceMesh.Messaging;
using Testing;

namespace Messaging.Tests;

/// <summary>What others read from the broker changes only when somebody means it to.</summary>
public sealed class WireFormatTests
{
    private static readonly JsonSerializerOptions Readable =
        new(EventJson.Options) { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<string> Names => [.. EventType.All.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_reads_and_writes_its_snapshot(string name)
    {
        var type = EventType.All.Single(known => known.Name == name).Type;
        var snapshot = File.ReadAllText(Repository.PathOf("tests", "Messaging.Tests", "WireFormat", $"{name}.json"));
        var read = (Event)JsonSerializer.Deserialize(snapshot, type, EventJson.Options)!;
        Assert.Equal(snapshot.TrimEnd(), JsonSerializer.Serialize(read, type, Readable));
        Assert.Equal(
            JsonSerializer.Serialize(JsonDocument.Parse(snapshot), EventJson.Options),
            Encoding.UTF8.GetString(EventJson.Serialize(read)));
    }

    [Fact]
    public void Every_snapshot_is_of_an_event() => Assert.Equal(
        Names.Select(row => row.Data).Order(StringComparer.Ordinal),
        Directory.GetFiles(Repository.PathOf("tests", "Messaging.Tests", "WireFormat"))
            .Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Members_that_a_reader_does_not_know_are_ignored()
    {
        var read = JsonSerializer.Deserialize<CostPeriodClosing>(
            """
            {
              "eventId": "019ab000-0000-7000-8000-000000000001", "occurredAt": "2026-12-01T01:15:30+01:00",
              "aggregateId": "a", "aggregateVersion": 1, "month": "2026-11", "addedLater": { "x": 1 }
            }
            """,
            EventJson.Options)!;
        Assert.Equal("2026-11", read.Month);
        Assert.Equal(1, read.SchemaVersion);
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 15, 30, TimeSpan.Zero), read.OccurredAt);
        Assert.Equal(TimeSpan.Zero, read.OccurredAt.Offset);
    }

    [Theory]
    [InlineData("""{ "month": "2026-11" }""")]
    [InlineData(
        """
        {
          "eventId": "x", "occurredAt": "2026-12-01T00:00:00Z", "aggregateId": "a", "aggregateVersion": 1, "month": "m"
        }
        """)]
    [InlineData(
        """
        {
          "eventId": "019ab000-0000-7000-8000-000000000001", "occurredAt": "2026-12-01T00:00:00Z",
          "aggregateId": null, "aggregateVersion": 1, "month": "m"
        }
        """)]
    public void What_is_not_the_event_is_not_read(string body) =>
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<CostPeriodClosing>(body, EventJson.Options));

    [Fact]
    public async Task A_message_says_what_it_is_in_the_words_of_cloud_events()
    {
        await using var mesh = await Mesh.Create("--Peer:Consumes=false");
        var occurred = new DateTimeOffset(2026, 12, 1, 0, 15, 30, 250, TimeSpan.Zero);
        var sent = Sample.Closing("2026-11") with { OccurredAt = occurred };
        await using var connection = await mesh.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync();
        await channel.QueueDeclareAsync("witness", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueBindAsync("witness", "internal.cost-period-closing", "");
        await mesh.Add(sent);
        await using var replica = await mesh.Start();

        var message = await Eventually.Gives(
            async () => await channel.BasicGetAsync("witness", autoAck: true), got => got is not null);
        var properties = message!.BasicProperties;
        Assert.Equal(sent.EventId.ToString(), properties.MessageId);
        Assert.Equal("application/json", properties.ContentType);
        Assert.True(properties.Persistent);
        Assert.Equal(EventJson.Serialize(sent), message.Body.ToArray());
        Assert.Equal(EventDocument.CloudEventAttributes.Keys.Order(), properties.Headers!.Keys.Order());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["cloudEvents_specversion"] = "1.0",
                ["cloudEvents_id"] = sent.EventId.ToString(),
                ["cloudEvents_type"] = "internal.cost-period-closing",
                ["cloudEvents_source"] = "/peer",
                ["cloudEvents_subject"] = "2026-11",
                ["cloudEvents_time"] = "2026-12-01T00:15:30.25Z",
            },
            properties.Headers.ToDictionary(
                header => header.Key, header => Encoding.UTF8.GetString((byte[])header.Value!)));
    }
}
