using System.Threading.RateLimiting;
using RabbitMQ.Client;

namespace Benchmarks.Messaging;

/// <summary>
/// The same bodies published with RabbitMQ.Client and nothing else, 1,000 confirmations outstanding. Once with the
/// client's own tracking of confirmations, once with the cheapest that can be written by hand: counting them.
/// </summary>
internal static class PlainPublisher
{
    private const int Outstanding = 1_000;

    public static async Task Tracked(IConnection connection, string exchange, IReadOnlyList<byte[]> bodies)
    {
        using var limiter = new ConcurrencyLimiter(new() { PermitLimit = Outstanding, QueueLimit = int.MaxValue });
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true, limiter));
        foreach (var chunk in bodies.Chunk(Outstanding))
            await Task.WhenAll(chunk.Select(body => Publish(channel, exchange, body).AsTask()));
    }

    public static async Task Counted(IConnection connection, string exchange, IReadOnlyList<byte[]> bodies)
    {
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, false));
        using var room = new SemaphoreSlim(Outstanding);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answered = new bool[bodies.Count + 1];
        var (oldest, left) = (1UL, bodies.Count);
        channel.BasicAcksAsync += (_, ack) =>
        {
            var news = 0;
            for (var tag = ack.Multiple ? oldest : ack.DeliveryTag; tag <= ack.DeliveryTag; tag++)
            {
                if (!answered[tag]) news++;
                answered[tag] = true;
            }

            if (ack.Multiple) oldest = ack.DeliveryTag + 1;
            if (news > 0) room.Release(news);
            if ((left -= news) == 0) all.SetResult();
            return Task.CompletedTask;
        };
        foreach (var body in bodies)
        {
            await room.WaitAsync();
            await Publish(channel, exchange, body);
        }

        await all.Task;
    }

    private static ValueTask Publish(IChannel channel, string exchange, byte[] body)
    {
        var properties = new BasicProperties
        {
            ContentType = "application/json",
            DeliveryMode = DeliveryModes.Persistent,
        };
        return channel.BasicPublishAsync(exchange, "", mandatory: true, properties, body);
    }
}
