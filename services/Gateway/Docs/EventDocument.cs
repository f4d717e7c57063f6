namespace Gateway.Docs;

/// <summary>
/// The AsyncAPI document of all events. It is the committed one: events are the same whoever runs, and a test compares
/// it with their types.
/// </summary>
internal static class EventDocument
{
    private const string Resource = "asyncapi.json";

    public static void MapEventDocument(this WebApplication app)
    {
        var document = Read();
        app.MapGet("/openapi/events.json", () => Results.Bytes(document, "application/json"))
            .AllowAnonymous()
            .ExcludeFromDescription();
    }

    private static byte[] Read()
    {
        using var resource = typeof(EventDocument).Assembly.GetManifestResourceStream(Resource)!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    }
}
