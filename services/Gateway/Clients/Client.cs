using ServiceMesh.Data;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Clients;

/// <summary>Who may ask for tokens: one person or one system.</summary>
public sealed record Client
{
    /// <summary>The <c>client_id</c>; it becomes the token's <c>sub</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required CallerKind Kind { get; init; }

    /// <summary>The department or the customer that the client acts for; null for the provider.</summary>
    public required string? Code { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>What its tokens may open.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The secrets that are valid now, the newest first. Their text is shown once, at their making.</summary>
    public required IReadOnlyList<SecretEntry> Secrets { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when the client gets no tokens any more.</summary>
    public required DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The day, in UTC, of its latest token.</summary>
    public required DateOnly? LastUsedOn { get; init; }
}

/// <summary>A valid secret of a client, without its text.</summary>
public sealed record SecretEntry(Guid Id, DateTimeOffset CreatedAt);

/// <summary>A client with the text of its newest secret: it is not stored and not shown again.</summary>
public sealed record ClientWithSecret
{
    public required Client Client { get; init; }

    public required string Secret { get; init; }
}

/// <summary>Reads clients with their secrets.</summary>
internal static class ClientRows
{
    public static async Task<IReadOnlyList<Versioned>> Load(Transaction transaction, string after, int limit) =>
        await WithSecrets(transaction, await transaction.Query<Row>(SelectPage, new { After = after, Limit = limit }));

    public static async Task<Versioned?> Find(Transaction transaction, string id) =>
        (await WithSecrets(transaction, await transaction.Query<Row>(SelectOne, new { Id = id }))).SingleOrDefault();

    private static async Task<IReadOnlyList<Versioned>> WithSecrets(Transaction transaction, IReadOnlyList<Row> rows)
    {
        var ids = rows.Select(row => row.Id).ToArray();
        var secrets = await transaction.Query<SecretRow>(SelectSecrets, new { Ids = ids });
        var byClient = secrets.ToLookup(
            secret => secret.ClientId, secret => new SecretEntry(secret.Id, secret.CreatedAt));
        return [.. rows.Select(row => new Versioned(row.ToClient([.. byClient[row.Id]]), row.Version))];
    }

    public sealed record Versioned(Client Client, long Version);

    private sealed record SecretRow
    {
        public required string ClientId { get; init; }

        public required Guid Id { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }
    }

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required string Kind { get; init; }

        public required string? Code { get; init; }

        public required string[] Roles { get; init; }

        public required string[] Scopes { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required DateTimeOffset? DisabledAt { get; init; }

        public required DateOnly? LastUsedOn { get; init; }

        public required long Version { get; init; }

        public Client ToClient(IReadOnlyList<SecretEntry> secrets) => new()
        {
            Id = Id,
            Name = Name,
            Kind = TokenClaims.ReadKind(Kind)!.Value,
            Code = Code,
            Roles = Roles,
            Scopes = Scopes,
            Secrets = secrets,
            CreatedAt = CreatedAt,
            DisabledAt = DisabledAt,
            LastUsedOn = LastUsedOn,
        };
    }

    private const string Columns =
        "id, name, kind, code, roles, scopes, created_at, disabled_at, last_used_on, version";

    private const string SelectPage = $"""
        select {Columns} from identity.clients where id > @After order by id limit @Limit
        """;

    private const string SelectOne = $"""
        select {Columns} from identity.clients where id = @Id
        """;

    private const string SelectSecrets = """
        select client_id, id, created_at
        from identity.client_secrets
        where client_id = any(@Ids)
        order by client_id, id desc
        """;
}
