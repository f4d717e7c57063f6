using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback;

/// <summary>
/// Which months take costs and usage. What comes for a month that is closing or closed lands in the earliest month
/// after it that takes it, and keeps its month of origin.
/// </summary>
internal sealed class OpenMonths
{
    private readonly Dictionary<Period, PeriodState> _states;

    private OpenMonths(Dictionary<Period, PeriodState> states) => _states = states;

    /// <summary>
    /// Reads the months and keeps them as they are until the commit: everything that writes costs or usage holds the
    /// lock shared, and a close takes it exclusively, so that a month never closes over rows that are not committed
    /// yet.
    /// </summary>
    public static async Task<OpenMonths> Hold(Transaction transaction)
    {
        await transaction.Execute(LockShared);
        var months = await transaction.Query<KnownMonth>(SelectMonths);
        return new OpenMonths(months.ToDictionary(known => known.Month, known => known.State));
    }

    /// <summary>Waits for all who hold the months; nobody adds to them until the commit.</summary>
    public static Task Stop(Transaction transaction) => transaction.Execute(LockExclusively);

    public Period LandingOf(Period origin)
    {
        var month = origin;
        while (StateOf(month) is PeriodState.Closing or PeriodState.Closed) month = month.Next;
        return month;
    }

    /// <summary>
    /// The first month, from this one on, that was never closed: its statements are still to come, so that what is
    /// booked in it stands on them.
    /// </summary>
    public Period EarliestOpen(Period from)
    {
        var month = from;
        while (StateOf(month) != PeriodState.Open) month = month.Next;
        return month;
    }

    /// <summary>The first month of a span, which may have no end, that takes nothing; null when all do.</summary>
    public Period? FirstStopped(Period from, Period? to)
    {
        var stopped = _states.Keys
            .Where(month => month >= from && (to is null || month < to))
            .Where(month => StateOf(month) is PeriodState.Closing or PeriodState.Closed)
            .Order()
            .ToList();
        return stopped.Count == 0 ? null : stopped[0];
    }

    public PeriodState StateOf(Period month) => _states.GetValueOrDefault(month, PeriodState.Open);

    /// <summary>Gives months that appear for the first time their row.</summary>
    public async Task Begin(Transaction transaction, IEnumerable<Period> months)
    {
        var begun = months.Distinct().Where(month => !_states.ContainsKey(month)).ToArray();
        if (begun.Length > 0) await transaction.Execute(InsertMonths, new { Months = begun });
    }

    private sealed record KnownMonth
    {
        public required Period Month { get; init; }

        public required PeriodState State { get; init; }
    }

    private const string LockShared = "select pg_advisory_xact_lock_shared(hashtext('chargeback.months'))";

    private const string LockExclusively = "select pg_advisory_xact_lock(hashtext('chargeback.months'))";

    private const string SelectMonths = "select month, state from chargeback.periods";

    private const string InsertMonths = """
        insert into chargeback.periods (month, state, version)
        select month, 'open', 1 from unnest(@Months) as begun (month)
        on conflict (month) do nothing
        """;
}

public enum PeriodState
{
    /// <summary>Takes costs and usage.</summary>
    Open,

    /// <summary>Both sides reckon; what comes now is late.</summary>
    Closing,

    /// <summary>Both sides agree to the cent.</summary>
    Closed,

    /// <summary>Takes costs and usage again, and has to be closed again.</summary>
    Reopened,
}
