using ServiceMesh.Contracts;
using ServiceMesh.Data;
using Testing;

namespace Messaging.Tests;

/// <summary>
/// Several events of one aggregate are under way at once. When the broker refuses or returns some of them and takes
/// others, every event still arrives, the last deliveries are in order, and consumers see no harm.
/// </summary>
public sealed class RefusedTests
{
    private const string Closing = "internal.cost-period-closing";
    private const string Catalog = "internal.service-catalog-changed";
    private const string Closed = "internal.cost-period-closed";

    private const int Aggregates = 10;
    private const string NeverParks = "--Messaging:AttemptsBeforeParking=1000";

    [Fact]
    public async Task A_queue_that_is_full_now_and_then_gets_everything_in_order_at_last()
    {
        await using var mesh = await Mesh.Create(NeverParks);
        await using var narrow = await Witness.Narrow(mesh.Vhost, length: 10, Closing);
        var events = Sample.Closings(1_000, Aggregates);
        await mesh.Add([.. events]);
        await using var replica = await mesh.Start();
        await mesh.OutboxIsEmpty();

        var received = await narrow.Received();
        Assert.NotEqual(received.Count, received.DistinctBy(message => message.MessageId).Count());
        Assert.Equal(Ids(events), received.Select(message => message.Event.EventId).Distinct().Order());
        Orders.AssertLastInOrder(received);

        await replica.Stop();
        await mesh.ConsumeEverything();
        Assert.Equal(Ids(events), (await mesh.Effects()).Select(effect => effect.EventId).Order());
    }

    [Fact]
    public async Task States_do_not_go_back_when_a_queue_beside_theirs_refuses()
    {
        await using var mesh = await Mesh.Create(NeverParks);
        await using var narrow = await Witness.Narrow(mesh.Vhost, length: 10, Catalog);
        await mesh.Add(
        [
            .. Enumerable.Range(0, 1_000)
                .Select(number => Sample.Catalog($"s{number % Aggregates}", 1 + number / Aggregates)),
        ]);
        await using var replica = await mesh.Start();
        await mesh.OutboxIsEmpty();
        await replica.Stop();
        await mesh.ConsumeEverything();

        var received = await narrow.Received();
        Assert.NotEqual(received.Count, received.DistinctBy(message => message.MessageId).Count());
        Assert.All((await mesh.Effects()).GroupBy(effect => effect.AggregateId), service =>
        {
            var versions = service.Select(effect => effect.AggregateVersion).ToArray();
            Assert.Equal(versions.Order().Distinct(), versions);
            Assert.Equal(100, versions[^1]);
        });
    }

    [Fact]
    public async Task An_exchange_that_loses_its_queue_for_a_while_sends_everything_in_order_at_last()
    {
        await using var mesh = await Mesh.Create(NeverParks);
        await using var witness = await Witness.Of(mesh.Vhost, Closed);
        await using var replica = await mesh.Start();
        Event[] events =
        [
            .. Enumerable.Range(0, 1_200)
                .Select(number => Sample.Unroutable($"a{number % Aggregates}", 1 + number / Aggregates)),
        ];
        foreach (var chunk in events.Chunk(400))
        {
            var adding = Task.Run(async () =>
            {
                foreach (var few in chunk.Chunk(40)) await mesh.Add(few);
            });
            await witness.Listen(Closed, listens: false);
            await Eventually.Holds(() => HasFailed(mesh));
            await witness.Listen(Closed, listens: true);
            await adding;
            await mesh.OutboxIsEmpty();
        }

        var received = await witness.Received();
        Assert.Equal(Ids(events), received.Select(message => message.Event.EventId).Distinct().Order());
        Orders.AssertLastInOrder(received);
    }

    private static IEnumerable<Guid> Ids(IEnumerable<Event> events) => events.Select(sent => sent.EventId).Order();

    private static Task<bool> HasFailed(Mesh mesh) => mesh.Database.Read(
        Tenant.Provider,
        transaction => transaction.Single<bool>("select exists (select from messaging.outbox where attempts > 0)"),
        default);
}
