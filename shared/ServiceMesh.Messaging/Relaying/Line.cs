namespace ServiceMesh.Messaging.Relaying;

/// <summary>One publication of an event, until the broker has answered it.</summary>
internal sealed class Flight(WaitingEvent waiting, Line line)
{
    public WaitingEvent Event => waiting;

    public Line Line => line;

    /// <summary>When it was published.</summary>
    public DateTimeOffset Since { get; set; }

    public bool IsAnswered { get; private set; }

    /// <summary>Why the broker did not take the event over.</summary>
    public string? Failure { get; private set; }

    public bool IsConfirmed => IsAnswered && Failure is null;

    public void Answer(string? failure) => (IsAnswered, Failure) = (true, failure);
}

/// <summary>
/// The events of one aggregate that the relay has taken, in the order of the outbox.
/// <para>
/// A queue gets what one channel publishes in the order of publishing. So events of one aggregate and one exchange go
/// without waiting for each other: as long as none fails, they arrive in order. An event of another exchange waits for
/// the answers to those before it, because exchanges may differ for long in what they take: a queue that is missing or
/// full must not let later facts of another kind pass.
/// </para>
/// <para>
/// When one fails, later ones may be in its queue already. None of them counts as published: once every answer is in,
/// the failed one and all behind it go back to the outbox and are published again in order, the failed one alone. A
/// queue may so hold a later event twice, before the failed one and behind it. That harms nobody: a change is applied
/// once in any order, a state does not replace a newer one, and to any other reader the last deliveries come in order.
/// </para>
/// </summary>
internal sealed class Line
{
    private readonly Queue<Flight> _released = new();
    private Queue<Flight>? _waiting;
    private Flight? _last;
    private int _unanswered;
    private bool _fails;

    /// <summary>Events that wait for answers to earlier ones.</summary>
    public int WaitingCount => _waiting?.Count ?? 0;

    /// <summary>Nothing is left to do.</summary>
    public bool IsEmpty => _released.Count == 0 && WaitingCount == 0;

    /// <summary>Every answer is in, and one is a failure: the first that is left.</summary>
    public bool HasFailed => _fails && _unanswered == 0;

    /// <summary>What is not known to be in its queues in order.</summary>
    public IEnumerable<Flight> Left => _waiting is null ? _released : _released.Concat(_waiting);

    /// <summary>Adds the next event, and it to the ready ones if it need not wait.</summary>
    public void Add(WaitingEvent next, List<Flight> ready)
    {
        var flight = new Flight(next, this);
        if (WaitingCount == 0 && MayFollow(next)) Release(flight, ready);
        else (_waiting ??= new()).Enqueue(flight);
    }

    /// <summary>Notes the answer, and adds to the ready ones those that waited for it.</summary>
    public void Answer(Flight flight, string? failure, List<Flight> ready)
    {
        flight.Answer(failure);
        _unanswered--;
        _fails |= failure is not null;
        while (WaitingCount > 0 && MayFollow(_waiting!.Peek().Event)) Release(_waiting.Dequeue(), ready);
    }

    /// <summary>
    /// Takes the oldest event if it is confirmed, so that none counts as published before an earlier one.
    /// </summary>
    public bool TryTakeConfirmed(out long position)
    {
        var confirmed = _released.TryPeek(out var oldest) && oldest.IsConfirmed;
        position = confirmed ? _released.Dequeue().Event.Position : 0;
        return confirmed;
    }

    private bool MayFollow(WaitingEvent next) => !_fails
        && (_unanswered == 0
            || (_last!.Event.Name == next.Name && _last.Event.Attempts == 0 && next.Attempts == 0));

    private void Release(Flight flight, List<Flight> ready)
    {
        _released.Enqueue(flight);
        _last = flight;
        _unanswered++;
        ready.Add(flight);
    }
}
