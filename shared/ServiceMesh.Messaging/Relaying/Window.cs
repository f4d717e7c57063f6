namespace ServiceMesh.Messaging.Relaying;

/// <summary>
/// What the relay has taken from the outbox and not settled yet: of each aggregate its <see cref="Line"/>.
/// </summary>
internal sealed class Window(int size)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);
    private readonly HashSet<long> _taken = [];

    /// <summary>In the order of publishing; answered ones leave when no older one is left.</summary>
    private readonly Queue<Flight> _published = new();

    private List<Flight> _ready = [];
    private List<Flight> _failed = [];
    private List<long> _confirmed = [];
    private int _waiting;

    public int Size => size;

    /// <summary>How many more events may be taken.</summary>
    public int Room => size - _taken.Count;

    /// <summary>Taken, whether published or waiting behind another.</summary>
    public IReadOnlyCollection<long> Taken => _taken;

    /// <summary>Published and not answered yet, the oldest first.</summary>
    public IEnumerable<Flight> UnderWay => _published.Where(flight => !flight.IsAnswered);

    public int UnderWayCount { get; private set; }

    /// <summary>Taken, and waiting for answers to earlier ones of their aggregate.</summary>
    public bool HasWaiting => _waiting > 0;

    /// <summary>Confirmed and not yet removed from the outbox.</summary>
    public int ConfirmedCount => _confirmed.Count;

    /// <summary>Takes events in the order of the outbox.</summary>
    public void Take(IReadOnlyList<WaitingEvent> events)
    {
        var ready = _ready.Count;
        foreach (var waiting in events)
        {
            _taken.Add(waiting.Position);
            if (!_lines.TryGetValue(waiting.AggregateId, out var line)) _lines.Add(waiting.AggregateId, line = new());
            line.Add(waiting, _ready);
        }

        _waiting += events.Count - (_ready.Count - ready);
    }

    /// <summary>Those that are to be published now, in this order.</summary>
    public List<Flight> Depart(DateTimeOffset now)
    {
        var ready = _ready;
        _ready = [];
        UnderWayCount += ready.Count;
        foreach (var flight in ready)
        {
            flight.Since = now;
            _published.Enqueue(flight);
        }

        return ready;
    }

    /// <param name="flight">What the broker has answered.</param>
    /// <param name="failure">Why it did not take the event over, if it did not.</param>
    public void Answer(Flight flight, string? failure)
    {
        UnderWayCount--;
        var line = flight.Line;
        var ready = _ready.Count;
        line.Answer(flight, failure, _ready);
        _waiting -= _ready.Count - ready;
        while (_published.TryPeek(out var oldest) && oldest.IsAnswered) _published.Dequeue();
        while (line.TryTakeConfirmed(out var position))
        {
            _taken.Remove(position);
            _confirmed.Add(position);
        }

        if (line.HasFailed) GiveBack(line);
        else if (line.IsEmpty) _lines.Remove(flight.Event.AggregateId);
    }

    private void GiveBack(Line line)
    {
        var failed = line.Left.First();
        _failed.Add(failed);
        _lines.Remove(failed.Event.AggregateId);
        _waiting -= line.WaitingCount;
        foreach (var flight in line.Left) _taken.Remove(flight.Event.Position);
    }

    /// <summary>The confirmed events, to be removed from the outbox.</summary>
    public List<long> TakeConfirmed()
    {
        var confirmed = _confirmed;
        _confirmed = [];
        return confirmed;
    }

    /// <summary>
    /// The events that their aggregates' others are held back for. None of those is in the window any more.
    /// </summary>
    public List<Flight> TakeFailed()
    {
        var failed = _failed;
        _failed = [];
        return failed;
    }

    /// <summary>Of each aggregate the oldest event that was published before this and is not answered yet.</summary>
    public List<WaitingEvent> Overdue(DateTimeOffset limit) =>
    [
        .. _published.TakeWhile(flight => flight.Since < limit)
            .Where(flight => !flight.IsAnswered)
            .Select(flight => flight.Event)
            .DistinctBy(waiting => waiting.AggregateId),
    ];
}
