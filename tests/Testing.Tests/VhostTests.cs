using System.Net;
using RabbitMQ.Client;

namespace Testing.Tests;

public sealed class VhostTests
{
    [Fact]
    public async Task A_virtual_host_carries_messages_alone_and_goes_with_its_test()
    {
        var one = await Vhost.Create();
        await using var other = await Vhost.Create();
        await using (var connection = await one.Connect())
        await using (var channel = await connection.CreateChannelAsync())
        {
            var quorum = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
            await channel.QueueDeclareAsync("letters", durable: true, exclusive: false, autoDelete: false, quorum);
            await channel.BasicPublishAsync("", "letters", "hello"u8.ToArray());
            await Eventually.Holds(async () => await channel.BasicGetAsync("letters", autoAck: true) is not null);
        }

        using var management = one.Server.Management();
        Assert.Equal("[]", await management.GetStringAsync($"queues/{other.Name}"));
        await one.DisposeAsync();
        using var gone = await management.GetAsync($"vhosts/{one.Name}");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }
}
