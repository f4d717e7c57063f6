using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using ServiceMesh.Contracts;
using ServiceMesh.Messaging;
using Testing;

namespace ExternalServices.Api.Tests;

/// <summary>Stands for the internal side: says what it says, and hears what it hears.</summary>
public sealed class InternalSide : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ConcurrentQueue<UsageFinalized> _usage = [];
    private readonly ConcurrentQueue<ProfitabilityCalculated> _profitability = [];
    private int _version;

    private InternalSide(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    public static async Task<InternalSide> Connect(Vhost vhost)
    {
        var connection = await vhost.Connect();
        var side = new InternalSide(connection, await connection.CreateChannelAsync());
        await side.Hear("external.usage-finalized", side._usage);
        await side.Hear("external.profitability-calculated", side._profitability);
        return side;
    }

    /// <summary>Announces the close and returns the usage that it is answered with.</summary>
    public async Task<UsageFinalized> Close(string month)
    {
        var heard = _usage.Count;
        await Say("internal.cost-period-closing", new CostPeriodClosing
        {
            EventId = Guid.CreateVersion7(Now),
            OccurredAt = Now,
            AggregateId = month,
            AggregateVersion = ++_version,
            Month = month,
        });
        await Eventually.Holds(() => _usage.Count > heard);
        return _usage.Last(usage => usage.Month == month);
    }

    /// <summary>Tells the unit costs of a run.</summary>
    public async Task Tell(
        string month, Guid run, ServiceCost[] services, CustomerCost[] directCosts, decimal residual) =>
        await Say("internal.unit-costs-published", new UnitCostsPublished
        {
            EventId = Guid.CreateVersion7(Now),
            OccurredAt = Now,
            AggregateId = month,
            AggregateVersion = ++_version,
            Month = month,
            RunId = run,
            Currency = "EUR",
            Method = "direct",
            InputHash = new string('0', 64),
            Services = services,
            DirectCosts = directCosts,
            OverheadResidual = residual,
        });

    /// <summary>What the last tale was answered with.</summary>
    public async Task<ProfitabilityCalculated> Answer(Guid run)
    {
        await Eventually.Holds(() => _profitability.Any(answer => answer.RunId == run));
        return _profitability.Last(answer => answer.RunId == run);
    }

    public async Task End(string month, Guid run, decimal share) =>
        await Say("internal.cost-period-closed", new CostPeriodClosed
        {
            EventId = Guid.CreateVersion7(Now),
            OccurredAt = Now,
            AggregateId = month,
            AggregateVersion = ++_version,
            Month = month,
            RunId = run,
            ExternalShare = share,
            Currency = "EUR",
        });

    /// <summary>Takes costs of a closed month again.</summary>
    /// <param name="month">Closed.</param>
    /// <param name="reason">Why.</param>
    /// <param name="version">Of the month, where it is told out of order.</param>
    public async Task Reopen(string month, string reason, int? version = null) =>
        await Say("internal.cost-period-reopened", new CostPeriodReopened
        {
            EventId = Guid.CreateVersion7(Now),
            OccurredAt = Now,
            AggregateId = month,
            AggregateVersion = version ?? ++_version,
            Month = month,
            Reason = reason,
        });

    public async Task Say(string exchange, Event @event) => await _channel.BasicPublishAsync(
        exchange,
        routingKey: "",
        mandatory: true,
        new BasicProperties { MessageId = @event.EventId.ToString(), ContentType = "application/json" },
        EventJson.Serialize(@event));

    public static ServiceCost Cost(string service, decimal cost, decimal quantity) => new()
    {
        Service = service,
        Cost = cost,
        Quantity = quantity,
        UnitCost = null,
        UnusedCapacity = 0,
    };

    public static CustomerCost Direct(string customer, decimal cost) => new() { Customer = customer, Cost = cost };

    public static Guid NewRun() => Guid.CreateVersion7(Now);

    private static DateTimeOffset Now => Clock.System.GetUtcNow();

    private async Task Hear<TEvent>(string exchange, ConcurrentQueue<TEvent> heard)
    {
        var queue = await _channel.QueueDeclareAsync();
        await _channel.QueueBindAsync(queue.QueueName, exchange, routingKey: "");
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            heard.Enqueue(JsonSerializer.Deserialize<TEvent>(message.Body.Span, EventJson.Options)!);
            return Task.CompletedTask;
        };
        await _channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
