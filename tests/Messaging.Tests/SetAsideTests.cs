using System.Text;
using RabbitMQ.Client;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;
using Testing;

namespace Messaging.Tests;

/// <summary>What no consumer can apply does not block the others, can be looked at and can be sent back.</summary>
public sealed class SetAsideTests
{
    private const string Queue = "peer.period-closing";
    private const string Errors = "peer.period-closing_error";
    private const string DeadLetters = "peer.dead-letter";

    [Fact]
    public async Task A_body_that_cannot_be_read_is_set_aside()
    {
        await using var mesh = await Mesh.Create();
        await Publish(mesh, Queue, "id-1", "{ not json");
        await Publish(mesh, Queue, "id-2", """{ "month": "2026-11" }""");
        await mesh.Add(Sample.Closing("behind"));
        await using var replica = await mesh.Start();

        Assert.Equal("behind", Assert.Single(await mesh.EffectsAre(1)).AggregateId);
        var messages = await InQueue(mesh, Errors, 2);
        Assert.Equal(["id-1", "id-2"], messages.Select(message => message.MessageId).Order());
        Assert.Contains(messages, message => message.Body == "{ not json");
        Assert.All(messages, message => Assert.NotNull(message.Reason));
    }

    [Fact]
    public async Task A_consumer_that_throws_each_time_does_not_block_the_others()
    {
        await using var mesh = await Mesh.Create();
        var poison = Sample.Closing("a", month: Messaging.Peer.PeriodClosingConsumer.Poison);
        await mesh.Add([poison, .. Sample.Closings(50, aggregates: 50)]);
        await using var replica = await mesh.Start();

        Assert.Equal(50, (await mesh.EffectsAre(50)).Count);
        var message = Assert.Single(await InQueue(mesh, Errors, 1));
        Assert.Equal(poison.EventId.ToString(), message.MessageId);
        Assert.Equal("internal.cost-period-closing", message.Name);
        Assert.Equal("This month cannot be closed.", message.Reason);
        Assert.NotNull(message.Since);
        Assert.Equal(50, (await mesh.Effects()).Count);
    }

    [Fact]
    public async Task Looking_changes_nothing_however_often()
    {
        await using var mesh = await Mesh.Create();
        foreach (var number in Enumerable.Range(0, 3)) await Publish(mesh, Errors, $"id-{number}", "{}");
        for (var look = 0; look < 30; look++)
        {
            var listed = await mesh.Operations.Queues.List(Errors, 2, default);
            Assert.Equal(2, listed.Value.Count);
        }

        Assert.Equal(3, (await InQueue(mesh, Errors, 3)).Count);
    }

    [Fact]
    public async Task A_message_is_sent_back_and_applied_once_its_cause_is_gone()
    {
        await using var mesh = await Mesh.Create();
        var repaired = Sample.Closing("repaired");
        await Publish(mesh, Errors, "other", "{ not json");
        await Publish(
            mesh, Errors, repaired.EventId.ToString(), Encoding.UTF8.GetString(EventJson.Serialize(repaired)));
        await using var replica = await mesh.Start();

        Assert.Equal(0, (await mesh.Operations.Queues.Replay(Errors, ["unknown"], default)).Value);
        Assert.Equal(1, (await mesh.Operations.Queues.Replay(Errors, [repaired.EventId.ToString()], default)).Value);
        Assert.Equal("repaired", Assert.Single(await mesh.EffectsAre(1)).AggregateId);
        Assert.Equal("other", Assert.Single(await InQueue(mesh, Errors, 1)).MessageId);
    }

    [Fact]
    public async Task A_message_that_fails_again_is_set_aside_again()
    {
        await using var mesh = await Mesh.Create();
        await Publish(mesh, Queue, "id-1", "{ not json");
        await using var replica = await mesh.Start();
        var first = Assert.Single(await InQueue(mesh, Errors, 1));
        Assert.Equal(1, (await mesh.Operations.Queues.Replay(Errors, null, default)).Value);
        var again = Assert.Single(await Eventually.Gives(
            async () => (await mesh.Operations.Queues.List(Errors, 10, default)).Value,
            messages => messages is [var message] && message.Since > first.Since));
        Assert.Equal("id-1", again.MessageId);
    }

    [Fact]
    public async Task A_message_that_is_never_answered_ends_in_the_dead_letter_queue_and_can_be_sent_back()
    {
        await using var mesh = await Mesh.Create();
        var sent = Sample.Closing("a");
        await Publish(mesh, Queue, sent.EventId.ToString(), Encoding.UTF8.GetString(EventJson.Serialize(sent)));
        await Eventually.Holds(async () =>
        {
            // A process that dies over a message ends its connection without an answer.
            await using var connection = await mesh.Vhost.Connect();
            await using var channel = await connection.CreateChannelAsync();
            await channel.BasicGetAsync(Queue, autoAck: false);
            return (await channel.QueueDeclarePassiveAsync(DeadLetters)).MessageCount == 1;
        });

        var message = Assert.Single(await InQueue(mesh, DeadLetters, 1));
        Assert.Equal(sent.EventId.ToString(), message.MessageId);
        Assert.Equal("delivery_limit", message.Reason);
        await using var replica = await mesh.Start();
        Assert.Equal(1, (await mesh.Operations.Queues.Replay(DeadLetters, null, default)).Value);
        Assert.Equal("a", Assert.Single(await mesh.EffectsAre(1)).AggregateId);
    }

    [Fact]
    public async Task Only_the_queues_of_messages_for_an_operator_can_be_looked_at()
    {
        await using var mesh = await Mesh.Create();
        foreach (var queue in new[] { Queue, "other.dead-letter", "" })
        {
            Assert.Equal(RefusalKind.NotFound, (await mesh.Operations.Queues.List(queue, 1, default)).Refusal!.Kind);
            Assert.Equal(
                RefusalKind.NotFound, (await mesh.Operations.Queues.Replay(queue, null, default)).Refusal!.Kind);
        }
    }

    [Fact]
    public async Task The_status_tells_what_waits_where()
    {
        await using var mesh = await Mesh.Create();
        var oldest = Sample.Closing("a");
        await mesh.Add(oldest, Sample.Closing("b"));
        await Publish(mesh, Queue, "id-1", "{}");
        await Publish(mesh, Errors, "id-2", "{}");

        var status = await mesh.Operations.Status(default);
        Assert.Equal(2, status.OutboxDepth);
        Assert.Equal(0, status.ParkedEvents);
        Assert.NotNull(status.OldestOccurredAt);
        Assert.InRange(
            (status.OldestOccurredAt.Value - oldest.OccurredAt).Duration(),
            TimeSpan.Zero,
            TimeSpan.FromMicroseconds(1));
        Assert.Equal(
            [
                new QueueStatus(Queue, QueueKind.Consumer, 1),
                new QueueStatus(Errors, QueueKind.Error, 1),
                new QueueStatus("peer.period-closing_skipped", QueueKind.Skipped, 0),
                new QueueStatus("peer.catalog", QueueKind.Consumer, 0),
                new QueueStatus("peer.catalog_error", QueueKind.Error, 0),
                new QueueStatus("peer.catalog_skipped", QueueKind.Skipped, 0),
                new QueueStatus(DeadLetters, QueueKind.DeadLetter, 0),
            ],
            status.Queues!);
    }

    private static async Task Publish(Mesh mesh, string queue, string id, string body)
    {
        await using var connection = await mesh.Vhost.Connect();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        var properties = new BasicProperties { MessageId = id, DeliveryMode = DeliveryModes.Persistent };
        await channel.BasicPublishAsync("", queue, mandatory: true, properties, Encoding.UTF8.GetBytes(body));
    }

    private static Task<IReadOnlyList<SetAsideMessage>> InQueue(Mesh mesh, string queue, int count) => Eventually.Gives(
        async () => (await mesh.Operations.Queues.List(queue, 100, default)).Value,
        messages => messages.Count == count);
}
