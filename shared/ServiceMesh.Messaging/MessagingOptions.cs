namespace ServiceMesh.Messaging;

/// <summary>What an operator may tune, from the section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>After so many failed attempts an event waits for an operator.</summary>
    public int AttemptsBeforeParking { get; set; } = 10;

    /// <summary>Doubles with each failed attempt of an event, up to a minute.</summary>
    public TimeSpan FirstRetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the outbox is looked at without being woken, and a standby tries to take over.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a delivery of the same change is recognised.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(90);
}
