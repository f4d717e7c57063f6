namespace ExternalServices.Api.Tests;

/// <summary>A service whose day a test sets.</summary>
public class MovableService : ExternalService
{
    public MovableClock Clock { get; } = new();

    protected override TimeProvider Time => Clock;
}

/// <summary>Goes on from the instant that was set last.</summary>
public sealed class MovableClock : TimeProvider
{
    private TimeSpan _ahead = TimeSpan.Zero;

    public void Set(DateTimeOffset now) => _ahead = now - Testing.Clock.System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Testing.Clock.System.GetUtcNow() + _ahead;
}
