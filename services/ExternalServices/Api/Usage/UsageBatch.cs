using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Usage;

/// <summary>
/// The items of one request on their way into the database: columns for one statement, and an answer for each.
/// </summary>
internal sealed class UsageBatch
{
    private readonly UsageItem[] _items;
    private readonly ItemAnswer?[] _readAnswers;

    public UsageBatch(List<UsageEvent> events, DateTimeOffset now, TimeZoneInfo zone)
    {
        _items = new UsageItem[events.Count];
        _readAnswers = new ItemAnswer?[events.Count];
        Months = new Period[events.Count];
        var month = new CostMonth(zone);
        for (var i = 0; i < events.Count; i++)
        {
            _items[i] = UsageItem.Read(events[i], now, out _readAnswers[i]);
            if (_readAnswers[i] is not null) continue;
            Months[i] = month.Of(_items[i].At);
            if (Earliest is not { } earliest || Months[i] < earliest) Earliest = Months[i];
            Customers.Add(events[i].Customer);
            Services.Add(events[i].Service);
        }
    }

    /// <summary>The month of each item's instant, where it could be read.</summary>
    public Period[] Months { get; }

    /// <summary>Null when no item could be read.</summary>
    public Period? Earliest { get; }

    public HashSet<string> Customers { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Services { get; } = new(StringComparer.Ordinal);

    /// <summary>Sorts the items by what the gate knows; what is left can be recorded.</summary>
    public UsageRows Admit(Passage passage, BilledSpans billed)
    {
        var answers = (ItemAnswer?[])_readAnswers.Clone();
        var (customers, services) = (passage.Customers.ToHashSet(), passage.Services.ToHashSet());
        var keys = new HashSet<(string, string, string)>(_items.Length);
        var firsts = new List<int>(_items.Length);
        var (repeats, refused) = (new List<int>(), new List<int>());
        for (var i = 0; i < _items.Length; i++)
        {
            if (answers[i] is not null) continue;
            var item = _items[i];
            if (!customers.Contains(item.Event.Customer)) answers[i] = UsageItem.CustomerNotFound;
            else if (!services.Contains(item.Event.Service)) answers[i] = UsageItem.ServiceNotFound;
            else if (billed.Contain(item.Event.Customer, item.Event.Service, item.At)) refused.Add(i);
            else (keys.Add(item.Key) ? firsts : repeats).Add(i);
        }

        // Refused is what is new; what was recorded when it was not late is a duplicate still.
        foreach (var i in refused) answers[i] = BilledSpans.Rejection;
        return new UsageRows(_items, Months, passage, answers, firsts, [.. repeats, .. refused]);
    }

    /// <summary>The month of an instant; neighbouring instants mostly fall in the same.</summary>
    private sealed class CostMonth(TimeZoneInfo zone)
    {
        private Period _month;
        private DateTimeOffset _start;
        private DateTimeOffset _end;

        public Period Of(DateTimeOffset at)
        {
            if (at >= _start && at < _end) return _month;
            _month = Period.Of(at, zone);
            (_start, _end) = (_month.Start(zone), _month.End(zone));
            return _month;
        }
    }
}

/// <summary>What can be recorded, and what may have been recorded before, as columns.</summary>
internal sealed class UsageRows(
    UsageItem[] items, Period[] months, Passage passage, ItemAnswer?[] answers, List<int> firsts, List<int> repeats)
{
    public bool IsEmpty => firsts.Count == 0 && repeats.Count == 0;

    public bool HasRepeats => repeats.Count > 0;

    public int Count => firsts.Count;

    /// <summary>The rows to record: one per key.</summary>
    public object Firsts(DateTimeOffset now) => Columns(firsts, now);

    /// <summary>Everything whose fate is to be looked up: repeated keys too.</summary>
    public object All(DateTimeOffset now) => Columns([.. firsts, .. repeats], now);

    public IReadOnlyList<ItemAnswer> AllAccepted()
    {
        foreach (var i in firsts) answers[i] = ItemAnswer.Accepted;
        return answers!;
    }

    /// <param name="found">What is recorded for each row of <see cref="All"/>.</param>
    public IReadOnlyList<ItemAnswer> Compared(IEnumerable<Recorded> found)
    {
        foreach (var recorded in found)
        {
            var n = (int)recorded.Number - 1;
            var isFirst = n < firsts.Count;
            answers[isFirst ? firsts[n] : repeats[n - firsts.Count]] =
                isFirst && recorded.IsOurs ? ItemAnswer.Accepted
                : recorded.IsSame ? ItemAnswer.Duplicate
                : ItemAnswer.Conflict;
        }

        return answers!;
    }

    private object Columns(List<int> rows, DateTimeOffset now) => new
    {
        passage.Batch,
        passage.BilledBefore,
        Now = now,
        Customers = Column(rows, i => items[i].Event.Customer),
        Sources = Column(rows, i => items[i].Event.Source),
        Ids = Column(rows, i => items[i].Event.Id),
        Services = Column(rows, i => items[i].Event.Service),
        Ats = Column(rows, i => items[i].At),
        Quantities = Column(rows, i => items[i].Quantity),
        Dimensions = Column(rows, i => items[i].Dimensions),
        Months = Column(rows, i => passage.OpenFrom(months[i])),
    };

    private static T[] Column<T>(List<int> rows, Func<int, T> value)
    {
        var column = new T[rows.Count];
        for (var row = 0; row < column.Length; row++) column[row] = value(rows[row]);
        return column;
    }
}

/// <summary>What stands in the database for one key.</summary>
internal sealed record Recorded
{
    /// <summary>The row asked for, from 1.</summary>
    public required long Number { get; init; }

    /// <summary>This request recorded it.</summary>
    public required bool IsOurs { get; init; }

    /// <summary>It has the content that was asked for.</summary>
    public required bool IsSame { get; init; }
}
