using System.Collections.Concurrent;
using System.Diagnostics;
using Testing;

namespace Messaging.Tests;

public sealed class TraceTests
{
    [Fact]
    public async Task A_trace_goes_on_behind_the_broker()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "ServiceMesh.Messaging",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await using var mesh = await Mesh.Create();
        await using var replica = await mesh.Start();
        using var request = new Activity("request").Start();
        await replica.Add(Sample.Closing("a"));
        request.Stop();

        var consumed = await Eventually.Gives(
            () => Task.FromResult(ended.FirstOrDefault(activity =>
                activity.TraceId == request.TraceId && activity.Kind is ActivityKind.Consumer)),
            found => found is not null);
        var produced = ended.Single(
            activity => activity.TraceId == request.TraceId && activity.Kind is ActivityKind.Producer);
        Assert.Equal(request.SpanId, produced.ParentSpanId);
        Assert.Equal(produced.SpanId, consumed!.ParentSpanId);
        Assert.Equal("peer.period-closing apply", consumed.DisplayName);
    }
}
