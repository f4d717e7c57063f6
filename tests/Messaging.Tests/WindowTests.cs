using CsCheck;
using ServiceMesh.Messaging.Relaying;

namespace Messaging.Tests;

public sealed class WindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Different_aggregates_go_at_once_and_one_aggregate_goes_in_turn()
    {
        var window = new Window(10);
        Assert.Equal([1, 2], Positions(window.Take([Event(1, "a"), Event(2, "b"), Event(3, "a"), Event(4, "a")], Now)));
        Assert.Equal(4, window.Taken.Count);
        Assert.Equal(6, window.Room);
        Assert.Equal(3, window.Confirm(Event(1, "a"), Now)!.Position);
        Assert.Null(window.Confirm(Event(2, "b"), Now));
        Assert.Equal(4, window.Confirm(Event(3, "a"), Now)!.Position);
        Assert.Null(window.Confirm(Event(4, "a"), Now));
        Assert.Equal([1, 2, 3, 4], window.TakeConfirmed());
        Assert.Empty(window.TakeConfirmed());
    }

    [Fact]
    public void A_failed_event_leaves_the_window_with_those_behind_it()
    {
        var window = new Window(10);
        window.Take([Event(1, "a"), Event(2, "a"), Event(3, "b")], Now);
        window.Drop(Event(1, "a"));
        Assert.Equal([3], window.Taken);
        Assert.Equal([1], Positions(window.Take([Event(1, "a"), Event(2, "a")], Now)));
    }

    [Fact]
    public void An_answer_that_comes_too_late_changes_nothing()
    {
        var window = new Window(10);
        window.Take([Event(1, "a")], Now);
        window.Drop(Event(1, "a"));
        Assert.Null(window.Confirm(Event(1, "a"), Now));
        Assert.Equal(0, window.ConfirmedCount);
        Assert.Equal(10, window.Room);
    }

    [Fact]
    public void What_is_not_answered_for_long_is_found()
    {
        var window = new Window(10);
        window.Take([Event(1, "a"), Event(2, "a")], Now);
        window.Take([Event(3, "b")], Now.AddSeconds(20));
        Assert.Equal([1], Positions(window.PublishedBefore(Now.AddSeconds(10))));
        Assert.Empty(window.PublishedBefore(Now));
    }

    /// <summary>Whatever is taken, confirmed and dropped: nothing is lost, and no event overtakes one of its aggregate.</summary>
    [Fact]
    public void Nothing_is_lost_and_nothing_overtakes() =>
        Gen.Select(Gen.Int[0, 4].Array[0, 60], Gen.Int[0, 9].Array[300]).Sample((aggregates, choices) =>
        {
            var outbox = aggregates.Select((aggregate, position) => Event(position, $"a{aggregate}")).ToList();
            var window = new Window(8);
            var underWay = new List<WaitingEvent>();
            var published = new List<WaitingEvent>();
            var confirmed = new List<long>();
            foreach (var choice in choices.Concat(Enumerable.Repeat(9, 200)))
            {
                if (underWay.Count == 0 || choice < 2)
                {
                    confirmed.AddRange(window.TakeConfirmed());
                    outbox.RemoveAll(waiting => confirmed.Contains(waiting.Position));
                    Publish(window.Take(
                        [.. outbox.Where(waiting => !window.Taken.Contains(waiting.Position)).Take(window.Room)], Now));
                }
                else
                {
                    var answered = underWay[choice % underWay.Count];
                    underWay.Remove(answered);
                    if (choice == 3) window.Drop(answered);
                    else if (window.Confirm(answered, Now) is { } next) Publish([next]);
                }
            }

            Assert.Empty(outbox);
            Assert.Equal(aggregates.Length, confirmed.Distinct().Count());
            Assert.Equal(confirmed.Count, confirmed.Distinct().Count());

            void Publish(List<WaitingEvent> ready)
            {
                foreach (var waiting in ready)
                {
                    Assert.DoesNotContain(underWay, other => other.AggregateId == waiting.AggregateId);
                    Assert.DoesNotContain(outbox, earlier => earlier.AggregateId == waiting.AggregateId
                        && earlier.Position < waiting.Position
                        && !published.Contains(earlier));
                    underWay.Add(waiting);
                    published.Add(waiting);
                }
            }
        });

    private static IEnumerable<long> Positions(IEnumerable<WaitingEvent> events) => events.Select(waiting => waiting.Position);

    private static WaitingEvent Event(long position, string aggregate) =>
        new(position, Guid.Empty, "event", aggregate, Now, null, 0, []);
}
