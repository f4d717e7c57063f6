using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace ServiceMesh.Hosting.Audit;

/// <summary>Who changed what, the latest first.</summary>
public static class ListAudit
{
    /// <summary>What one statement changed in one table.</summary>
    public sealed record Entry
    {
        /// <summary>In the order of writing, with gaps.</summary>
        public required long Id { get; init; }

        public required DateTimeOffset At { get; init; }

        /// <summary>
        /// The client, the consumer's queue or the worker; the database's user where somebody wrote past the service.
        /// </summary>
        public required string Actor { get; init; }

        /// <summary>For whom, as <c>department:SALES</c>; none for the provider.</summary>
        public required string? Party { get; init; }

        /// <summary>The operation of this document, or the event's name; none past the service.</summary>
        public required string? Operation { get; init; }

        /// <summary>As the request's <c>X-Reason</c> says it.</summary>
        public required string? Reason { get; init; }

        public required string? TraceId { get; init; }

        /// <summary>What was changed: a table, or a queue of messages.</summary>
        public required string Resource { get; init; }

        public required AuditAction Action { get; init; }

        /// <summary>How many rows.</summary>
        public required long Rows { get; init; }

        /// <summary>
        /// The primary keys of the rows, their parts joined by <c>/</c>; empty for more than 100 new rows.
        /// </summary>
        public required IReadOnlyList<string> Keys { get; init; }

        /// <summary>The rows as they were, in the order of the keys; numbers as strings.</summary>
        public required IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Before { get; init; }

        /// <summary>
        /// The rows as they are now; none for more than 100 new rows, which are facts of their table.
        /// </summary>
        public required IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? After { get; init; }
    }

    internal static async Task<Page<Entry>> Handle(
        string? actor,
        string? operation,
        string? resource,
        string? key,
        Paging paging,
        Database database,
        CancellationToken cancellationToken)
    {
        var asked = new
        {
            Before = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : long.MaxValue,
            Actor = actor,
            Operation = operation,
            Resource = resource,
            Keys = key is null ? null : new[] { key },
            paging.Fetch,
        };
        var rows = await database.Read(
            Tenant.Provider, transaction => transaction.Query<Row>(Select, asked), cancellationToken);
        return paging.Page(
            [.. rows.Select(row => row.ToEntry())], entry => entry.Id.ToString(CultureInfo.InvariantCulture));
    }

    private sealed record Row
    {
        public required long Id { get; init; }

        public required DateTimeOffset At { get; init; }

        public required string Actor { get; init; }

        public string? Party { get; init; }

        public string? Operation { get; init; }

        public string? Reason { get; init; }

        public string? TraceId { get; init; }

        public required string Resource { get; init; }

        public required AuditAction Action { get; init; }

        public required long Rows { get; init; }

        public required string[] Keys { get; init; }

        public string? Before { get; init; }

        public string? After { get; init; }

        public Entry ToEntry() => new()
        {
            Id = Id,
            At = At,
            Actor = Actor,
            Party = Party,
            Operation = Operation,
            Reason = Reason,
            TraceId = TraceId,
            Resource = Resource,
            Action = Action,
            Rows = Rows,
            Keys = Keys,
            Before = Content(Before),
            After = Content(After),
        };

        private static List<Dictionary<string, JsonElement>>? Content(string? json) =>
            json is null ? null : Exact(JsonNode.Parse(json)).Deserialize<List<Dictionary<string, JsonElement>>>();

        /// <summary>A reader of JSON would round a number of many digits.</summary>
        private static JsonNode? Exact(JsonNode? node) => node switch
        {
            JsonArray items => new JsonArray([.. items.Select(Exact)]),
            JsonObject members => new JsonObject(
                members.Select(member => KeyValuePair.Create(member.Key, Exact(member.Value)))),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number =>
                JsonValue.Create(value.ToJsonString()),
            _ => node?.DeepClone(),
        };
    }

    private const string Select = """
        select id, at, actor, party, operation, reason, trace_id, resource, action, rows, keys,
            before::text as before, after::text as after
        from audit.entries
        where id < @Before
            and (@Actor::text is null or actor = @Actor)
            and (@Operation::text is null or operation = @Operation)
            and (@Resource::text is null or resource = @Resource)
            and (@Keys::text[] is null or keys @> @Keys)
        order by id desc
        limit @Fetch
        """;
}

public enum AuditAction
{
    Insert,

    Update,

    Delete,

    /// <summary>All rows of a table at once, past the service.</summary>
    Truncate,

    /// <summary>Something outside the tables, noted before it is done.</summary>
    Note,
}
