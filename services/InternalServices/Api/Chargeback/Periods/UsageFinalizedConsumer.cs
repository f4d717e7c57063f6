using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Periods;

/// <summary>The external side's usage of the month is complete: the month can be allocated and posted.</summary>
public sealed class UsageFinalizedConsumer(MonthClose close) : IStateConsumer<UsageFinalized>
{
    /// <exception cref="InvalidDataException">The figures are not those that were counted.</exception>
    public async Task Apply(Transaction transaction, UsageFinalized state)
    {
        if (UsageFinalized.ChecksumOf(state.Services) != state.Checksum
            || state.Services.Sum(used => used.Rows) != state.Rows)
        {
            throw new InvalidDataException(
                $"The external usage of {state.Month} does not match its checksum or row count.");
        }

        var month = Period.Parse(state.Month);
        var period = await PeriodRows.Lock(transaction, month);
        if (period.State == PeriodState.Closed) return;

        await Store(transaction, month, state);
        if (period.State == PeriodState.Closing) await close.GoOn(transaction, period);
    }

    private static async Task Store(Transaction transaction, Period month, UsageFinalized state)
    {
        await transaction.Execute(Delete, new { Month = month });
        await transaction.Execute(
            InsertFinalization,
            new
            {
                Month = month,
                state.AggregateVersion,
                state.EventId,
                state.Rows,
                state.Checksum,
                state.OccurredAt,
                transaction.Now,
            });
        await transaction.Execute(
            InsertUsage,
            new
            {
                Month = month,
                Services = state.Services.Select(used => used.Service).ToArray(),
                Quantities = state.Services.Select(used => used.Quantity).ToArray(),
                Rows = state.Services.Select(used => used.Rows).ToArray(),
            });
    }

    private const string Delete = "delete from chargeback.external_usage_finalizations where month = @Month";

    private const string InsertFinalization = """
        insert into chargeback.external_usage_finalizations (
            month, aggregate_version, event_id, rows, checksum, finalized_at, received_at)
        values (@Month, @AggregateVersion, @EventId, @Rows, @Checksum, @OccurredAt, @Now)
        """;

    private const string InsertUsage = """
        insert into chargeback.external_usage (month, service_code, quantity, rows)
        select @Month, service, quantity, rows
        from unnest(@Services, @Quantities, @Rows) as used (service, quantity, rows)
        """;
}
