using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>
/// Every batch of usage passes this gate under a shared lock and gets a number. Who closes the gate waits for those
/// that are inside: then every event up to the last number is committed, and none will be added to them.
/// </summary>
internal static class UsageGate
{
    /// <summary>Any number; it is unique within the service's database.</summary>
    private const long Lock = 7_165_001;

    public static async Task<Passage> Enter(
        Transaction transaction,
        Period earliest,
        IReadOnlyCollection<string> customers,
        IReadOnlyCollection<string> services)
    {
        // A statement of its own: what follows must see what was committed while the lock was waited for.
        await transaction.Execute(Share, new { Lock });
        return await transaction.Single<Passage>(
            Pass, new { Earliest = earliest, Customers = customers.ToArray(), Services = services.ToArray() });
    }

    /// <returns>The watermark: the number of the last batch. It stands until the transaction ends.</returns>
    public static async Task<long> Close(Transaction transaction)
    {
        await transaction.Execute(Exclude, new { Lock });
        return await transaction.Single<long>(LastBatch);
    }

    private const string Share = "select pg_advisory_xact_lock_shared(@Lock)";

    private const string Pass = """
        select nextval('usage.batches') as batch,
            array(select month from usage.frozen_months where month >= @Earliest) as frozen,
            array(select code from parties.customers where code = any(@Customers)) as customers,
            array(
                select code from catalogue.services
                where code = any(@Services) and active and audience <> 'internal') as services,
            (select max(month) from billing.runs) as last_billed,
            exists (
                select from contracts.contracts
                where late_usage = 'refuse' and customer = any(@Customers)) as refuses_late
        """;

    private const string Exclude = "select pg_advisory_xact_lock(@Lock)";

    private const string LastBatch = "select case when is_called then last_value else 0 end from usage.batches";
}

/// <summary>What a batch learns at the gate.</summary>
internal sealed record Passage
{
    /// <summary>For a batch without an event that could be recorded.</summary>
    public static Passage Nothing { get; } = new()
    {
        Batch = 0,
        Frozen = [],
        Customers = [],
        Services = [],
        LastBilled = null,
        RefusesLate = false,
    };

    /// <summary>The batch's number.</summary>
    public required long Batch { get; init; }

    /// <summary>Months that take no more usage, of those asked for and later.</summary>
    public required Period[] Frozen { get; init; }

    /// <summary>Those of the codes that are customers, visible to the caller.</summary>
    public required string[] Customers { get; init; }

    /// <summary>Those of the codes that are active services offered to customers.</summary>
    public required string[] Services { get; init; }

    /// <summary>The latest month for which there was a billing run.</summary>
    public required Period? LastBilled { get; init; }

    /// <summary>A contract of these customers takes no usage of billed periods.</summary>
    public required bool RefusesLate { get; init; }

    /// <summary>Nobody's usage from this instant on is billed, wherever its month ends last.</summary>
    public DateTimeOffset BilledBefore =>
        LastBilled is { } month
            ? new DateTimeOffset(month.NextFirstDay, TimeOnly.MinValue, LastZone)
            : DateTimeOffset.MinValue;

    private static TimeSpan LastZone => TimeSpan.FromHours(-12);

    /// <summary>The month itself, or the first later one that still takes usage.</summary>
    public Period OpenFrom(Period month)
    {
        while (Frozen.Contains(month)) month = month.Next;
        return month;
    }
}
