using CsCheck;
using ServiceMesh.Messaging.Relaying;

namespace Messaging.Tests;

public sealed class WindowTests
{
    private const string Failure = "Not today.";

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Events_go_at_once_and_count_as_published_in_order()
    {
        var window = new Window(10);
        var flights = Take(window, Event(1, "a"), Event(2, "b"), Event(3, "a"), Event(4, "a"));
        Assert.Equal([1, 2, 3, 4], Positions(flights));
        Assert.Equal(6, window.Room);
        window.Answer(flights[2], null);
        Assert.Empty(window.TakeConfirmed());
        window.Answer(flights[0], null);
        Assert.Equal([1, 3], window.TakeConfirmed());
        window.Answer(flights[3], null);
        window.Answer(flights[1], null);
        Assert.Equal([4, 2], window.TakeConfirmed());
        Assert.Empty(window.TakeConfirmed());
        Assert.Equal(10, window.Room);
    }

    [Fact]
    public void An_event_of_another_exchange_waits_for_those_before_it()
    {
        var window = new Window(10);
        var flights = Take(
            window, Event(1, "a"), Event(2, "a"), Event(3, "a", "other"), Event(4, "a", "other"), Event(5, "a"));
        Assert.Equal([1, 2], Positions(flights));
        Assert.True(window.HasWaiting);
        window.Answer(flights[0], null);
        Assert.Empty(window.Depart(Now));
        window.Answer(flights[1], null);
        var others = window.Depart(Now);
        Assert.Equal([3, 4], Positions(others));
        window.Answer(others[0], null);
        window.Answer(others[1], null);
        Assert.Equal([5], Positions(window.Depart(Now)));
        Assert.False(window.HasWaiting);
    }

    [Fact]
    public void A_failed_event_and_those_behind_it_go_back_when_every_answer_is_in()
    {
        var window = new Window(10);
        var flights = Take(window, Event(1, "a"), Event(2, "a"), Event(3, "a"), Event(4, "b"), Event(5, "a", "other"));
        window.Answer(flights[1], Failure);
        window.Answer(flights[2], null);
        Assert.Empty(window.TakeFailed());

        // What comes meanwhile must not pass either.
        Assert.Empty(Take(window, Event(6, "a")));
        window.Answer(flights[0], null);
        var failed = Assert.Single(window.TakeFailed());
        Assert.Equal((2, Failure), (failed.Event.Position, failed.Failure));
        Assert.Equal([1], window.TakeConfirmed());
        Assert.Equal([4], window.Taken);
        Assert.Empty(window.Depart(Now));
        Assert.False(window.HasWaiting);
    }

    [Fact]
    public void An_event_that_has_failed_before_goes_alone()
    {
        var window = new Window(10);
        var flights = Take(window, Event(1, "a"), Event(2, "a", attempts: 1), Event(3, "a"));
        Assert.Equal([1], Positions(flights));
        window.Answer(flights[0], null);
        var again = Assert.Single(window.Depart(Now));
        Assert.Equal(2, again.Event.Position);
        window.Answer(again, null);
        Assert.Equal([3], Positions(window.Depart(Now)));
    }

    [Fact]
    public void What_is_not_answered_for_long_is_found_once_for_each_aggregate()
    {
        var window = new Window(10);
        var flights = Take(window, Event(1, "a"), Event(2, "a"), Event(3, "a"), Event(4, "b"));
        window.Take([Event(5, "c")]);
        window.Depart(Now.AddSeconds(20));
        window.Answer(flights[0], null);
        Assert.Equal([2, 4], window.Overdue(Now.AddSeconds(10)).Select(waiting => waiting.Position));
        Assert.Empty(window.Overdue(Now));
        Assert.Equal([2, 3, 4, 5], window.UnderWay.Select(flight => flight.Event.Position));
    }

    /// <summary>
    /// Whatever the broker takes and refuses, in whatever order it answers: nothing is lost, the last deliveries of an
    /// aggregate are in order, and those of two exchanges never pass each other.
    /// </summary>
    [Fact]
    public void Nothing_is_lost_and_the_last_deliveries_are_in_order() =>
        Gen.Select(Gen.Int[0, 7].Array[0, 60], Gen.Int[0, 9].Array[400]).Sample((kinds, choices) =>
        {
            var outbox = kinds.Select((kind, position) => Event(position, $"a{kind / 2}", $"kind-{kind % 2}")).ToList();
            var window = new Window(12);
            var underWay = new List<(Flight Flight, bool Refused)>();
            var delivered = new List<WaitingEvent>();
            foreach (var choice in choices.Concat(Enumerable.Repeat(9, 400)))
            {
                if (underWay.Count == 0 || choice < 2)
                {
                    var confirmed = window.TakeConfirmed();
                    outbox.RemoveAll(waiting => confirmed.Contains(waiting.Position));
                    var rest = outbox.Where(waiting => !window.Taken.Contains(waiting.Position));
                    window.Take([.. rest.Take(window.Room)]);
                }
                else
                {
                    Answer(underWay[choice % underWay.Count]);
                }

                foreach (var (number, flight) in window.Depart(Now).Index())
                {
                    var refused = (choice + number) % 4 == 3 && choice != 9;
                    underWay.Add((flight, refused));
                    if (!refused) delivered.Add(flight.Event);
                }
            }

            Assert.Empty(outbox);
            Assert.Equal(window.Size, window.Room);
            var last = delivered.Select(waiting => waiting.Position).Reverse().Distinct().Reverse().ToArray();
            Assert.Equal(kinds.Length, last.Length);
            Assert.All(last.GroupBy(position => kinds[position] / 2), group => Assert.Equal(group.Order(), group));
            var first = delivered.DistinctBy(waiting => waiting.Position).ToArray();
            Assert.All(first.GroupBy(waiting => waiting.AggregateId), AssertKindsInOrder);

            void Answer((Flight Flight, bool Refused) answered)
            {
                underWay.Remove(answered);
                window.Answer(answered.Flight, answered.Refused ? Failure : null);
                foreach (var failed in window.TakeFailed())
                {
                    var index = outbox.FindIndex(waiting => waiting.Position == failed.Event.Position);
                    outbox[index] = outbox[index] with { Attempts = outbox[index].Attempts + 1 };
                }
            }
        });

    /// <summary>
    /// Runs of one kind may be disturbed within, and stay behind the run of the other kind before them.
    /// </summary>
    private static void AssertKindsInOrder(IEnumerable<WaitingEvent> delivered)
    {
        var all = delivered.ToArray();
        Assert.Equal(
            all.OrderBy(waiting => waiting.Position).Select(waiting => waiting.Name),
            all.Select(waiting => waiting.Name));
    }

    private static List<Flight> Take(Window window, params WaitingEvent[] events)
    {
        window.Take(events);
        return window.Depart(Now);
    }

    private static IEnumerable<long> Positions(IEnumerable<Flight> flights) =>
        flights.Select(flight => flight.Event.Position);

    private static WaitingEvent Event(long position, string aggregate, string name = "event", int attempts = 0) =>
        new(position, Guid.Empty, name, aggregate, Now, null, attempts, []);
}
