namespace ExternalServices.Api.Usage;

/// <summary>What an event is unique by, for ever.</summary>
internal sealed record EventKey(string Customer, string Source, string Id)
{
    /// <summary>
    /// Sources name their events as they like; an encoded slash is the one character that routing leaves.
    /// </summary>
    public static EventKey OfRoute(string customer, string source, string id) =>
        new(customer, WithSlashes(source), WithSlashes(id));

    public override string ToString() => $"{Customer}/{Source}/{Id}";

    private static string WithSlashes(string value) => value.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
