namespace ServiceMesh.Data;

/// <summary>
/// Who acts, in which operation and why: it travels with the work, and the database writes it beside every change that
/// the work makes.
/// </summary>
public sealed record Actor
{
    private static readonly AsyncLocal<Actor?> Working = new();

    /// <summary>The client, the consumer's queue or the worker.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// The department or customer that it acts for, as <c>department:SALES</c>; none for the provider.
    /// </summary>
    public string? Party { get; init; }

    /// <summary>The operation of the API, the event's wire name, or what a worker calls its work.</summary>
    public required string Operation { get; init; }

    public string? Reason { get; init; }

    public string? TraceId { get; init; }

    /// <summary>None outside of <see cref="Act"/>.</summary>
    public static Actor? Current => Working.Value;

    /// <summary>For the rest of the calling method, and what it calls.</summary>
    public static void Act(Actor actor) => Working.Value = actor;
}
