using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>
/// Freezes the month's usage and tells the internal side what it sums to. A month is frozen once: when the closing is
/// announced again, the same figures are told again.
/// </summary>
public sealed class CostPeriodClosingConsumer(Outbox outbox) : IChangeConsumer<CostPeriodClosing>
{
    public async Task Apply(Transaction transaction, CostPeriodClosing change)
    {
        var month = Period.Parse(change.Month);

        // Nobody records usage from here to the commit; who comes after it finds the month frozen.
        var watermark = await UsageGate.Close(transaction);
        var isFrozen = await transaction.Scalar<bool>(IsFrozen, new { Month = month });
        if (!isFrozen) await Freeze(transaction, month, watermark);
        await outbox.Add(transaction, await Finalized(transaction, month, change.AggregateVersion));
    }

    private static async Task Freeze(Transaction transaction, Period month, long watermark)
    {
        await transaction.Execute(FreezeQuantities, new { Month = month });
        await transaction.Execute(FreezeServices, new { Month = month });
        var services = await transaction.Query<ServiceUsage>(SelectServices, new { Month = month });
        await transaction.Execute(
            FreezeMonth,
            new
            {
                Month = month,
                Watermark = watermark,
                Rows = services.Sum(used => used.Rows),
                Checksum = UsageFinalized.ChecksumOf(services),
                transaction.Now,
            });
    }

    /// <param name="transaction">Of the effect.</param>
    /// <param name="month">A frozen month.</param>
    /// <param name="version">The announcement's, so that a later one is answered by a later state.</param>
    private static async Task<UsageFinalized> Finalized(Transaction transaction, Period month, long version)
    {
        var frozen = await transaction.Single<Frozen>(SelectMonth, new { Month = month });
        return new UsageFinalized
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = frozen.FrozenAt,
            AggregateId = $"{month}",
            AggregateVersion = version,
            Period = $"{month}",
            Month = $"{month}",
            Services = await transaction.Query<ServiceUsage>(SelectServices, new { Month = month }),
            Rows = frozen.Rows,
            Checksum = frozen.Checksum,
        };
    }

    private sealed record Frozen
    {
        public required long Rows { get; init; }

        public required string Checksum { get; init; }

        public required DateTimeOffset FrozenAt { get; init; }
    }

    private const string IsFrozen = "select exists (select from usage.frozen_months where month = @Month)";

    // Sums keep every decimal as long as a number of 28 digits can hold them. What was taken back of closed months can
    // be more than a month has: no quantity is negative.
    private const string FreezeQuantities = """
        insert into usage.frozen_quantities (month, customer, service, quantity, rows)
        select @Month, customer, service,
            case when sum(quantity) < 1e12 then greatest(sum(quantity), 0) else round(sum(quantity), 6) end, count(*)
        from (
            select customer, service, quantity from usage.events where cost_month = @Month
            union all
            select customer, service, -quantity from usage.voids where cost_month = @Month) as used
        group by customer, service
        """;

    private const string FreezeServices = """
        insert into usage.frozen_services (month, service, quantity, rows)
        select @Month, coalesce(offered.code, used.service), coalesce(used.quantity, 0), coalesce(used.rows, 0)
        from (
            select service, sum(quantity) as quantity, sum(rows)::bigint as rows
            from usage.frozen_quantities
            where month = @Month
            group by service) as used
        full join (select code from catalogue.services where audience <> 'internal') as offered
            on offered.code = used.service
        """;

    private const string FreezeMonth = """
        insert into usage.frozen_months (month, batch, rows, checksum, frozen_at)
        values (@Month, @Watermark, @Rows, @Checksum, @Now)
        """;

    private const string SelectMonth = "select rows, checksum, frozen_at from usage.frozen_months where month = @Month";

    private const string SelectServices = """
        select service, trim_scale(quantity) as quantity, rows
        from usage.frozen_services
        where month = @Month
        order by service
        """;
}
