namespace ServiceMesh.Messaging.Relaying;

/// <summary>An event that waits in the outbox.</summary>
internal sealed record WaitingEvent(
    long Position,
    Guid EventId,
    string Name,
    string AggregateId,
    DateTimeOffset OccurredAt,
    string? TraceParent,
    int Attempts,
    byte[] Body);

/// <summary>
/// What the relay has taken from the outbox and not settled yet. Of one aggregate one event is under way at a time and
/// the later ones wait behind it, so that none overtakes one that fails; different aggregates go side by side.
/// </summary>
internal sealed class Window(int size)
{
    private readonly Dictionary<string, Queue<WaitingEvent>> _behind = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (WaitingEvent Event, DateTimeOffset Since)> _underWay = [];
    private readonly HashSet<long> _taken = [];
    private List<long> _confirmed = [];

    public int Size => size;

    /// <summary>How many more events may be taken.</summary>
    public int Room => size - _taken.Count;

    /// <summary>Taken, whether published or waiting behind another.</summary>
    public IReadOnlyCollection<long> Taken => _taken;

    /// <summary>Published and not answered yet.</summary>
    public IEnumerable<WaitingEvent> UnderWay => _underWay.Values.Select(entry => entry.Event);

    public int UnderWayCount => _underWay.Count;

    /// <summary>Confirmed and not yet removed from the outbox.</summary>
    public int ConfirmedCount => _confirmed.Count;

    /// <summary>Takes events in the order of the outbox and returns those that can go at once.</summary>
    public List<WaitingEvent> Take(IReadOnlyList<WaitingEvent> events, DateTimeOffset now)
    {
        var ready = new List<WaitingEvent>(events.Count);
        foreach (var waiting in events)
        {
            _taken.Add(waiting.Position);
            if (_behind.TryGetValue(waiting.AggregateId, out var queue))
            {
                queue.Enqueue(waiting);
            }
            else
            {
                _behind.Add(waiting.AggregateId, new Queue<WaitingEvent>());
                _underWay.Add(waiting.Position, (waiting, now));
                ready.Add(waiting);
            }
        }

        return ready;
    }

    /// <summary>The broker has taken the event over. Returns the next of its aggregate, which can go now.</summary>
    public WaitingEvent? Confirm(WaitingEvent settled, DateTimeOffset now)
    {
        if (!_underWay.Remove(settled.Position)) return null;
        _taken.Remove(settled.Position);
        _confirmed.Add(settled.Position);
        if (!_behind[settled.AggregateId].TryDequeue(out var next))
        {
            _behind.Remove(settled.AggregateId);
            return null;
        }

        _underWay.Add(next.Position, (next, now));
        return next;
    }

    /// <summary>Leaves the event in the outbox, and the later ones of its aggregate.</summary>
    public void Drop(WaitingEvent settled)
    {
        if (!_underWay.Remove(settled.Position)) return;
        _taken.Remove(settled.Position);
        _behind.Remove(settled.AggregateId, out var later);
        foreach (var waiting in later!) _taken.Remove(waiting.Position);
    }

    /// <summary>Published before this and not answered yet.</summary>
    public List<WaitingEvent> PublishedBefore(DateTimeOffset limit) =>
        [.. _underWay.Values.Where(entry => entry.Since < limit).Select(entry => entry.Event)];

    /// <summary>The confirmed events, to be removed from the outbox.</summary>
    public List<long> TakeConfirmed()
    {
        var confirmed = _confirmed;
        _confirmed = [];
        return confirmed;
    }
}
