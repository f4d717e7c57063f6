using Gateway.Tokens;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace Gateway.Clients;

/// <summary>Registers a client and gives it its first secret.</summary>
internal static class CreateClient
{
    private const int MaxRoles = 20;

    /// <summary>A new client.</summary>
    public sealed record Request
    {
        /// <summary>The <c>client_id</c>: letters, digits, '.', '_' and '-'.</summary>
        public required string Id { get; init; }

        /// <summary>The person or the system, as people know it.</summary>
        public required string Name { get; init; }

        public required CallerKind Kind { get; init; }

        /// <summary>The department's or the customer's code; absent for the provider.</summary>
        public string? Code { get; init; }

        public IReadOnlyList<string> Roles { get; init; } = [];

        /// <summary>Departments: <c>internal</c>; customers: <c>external</c>; the provider: any.</summary>
        public required IReadOnlyList<string> Scopes { get; init; }
    }

    public static async Task<IResult> Handle(Request request, Database database, CancellationToken cancellationToken)
    {
        var secret = ClientSecret.Generate();
        var outcome = await database.InTransaction(
            Tenant.Provider, transaction => Save(transaction, request, secret), cancellationToken);
        return Answer.Of(outcome, saved =>
            Answer.Created(
                $"{ClientEndpoints.Path}/{saved.Client.Id}",
                new ClientWithSecret { Client = saved.Client, Secret = secret }) with
            { Version = saved.Version });
    }

    public static async Task<Outcome<ClientRows.Versioned>> Save(
        Transaction transaction, Request request, string secret)
    {
        if (Check(request) is { } refusal)
        {
            return refusal;
        }

        var inserted = await transaction.Execute(Insert, new
        {
            request.Id,
            request.Name,
            Kind = TokenClaims.Spell(request.Kind),
            request.Code,
            Roles = request.Roles.Distinct().ToArray(),
            Scopes = request.Scopes.Distinct().ToArray(),
            CreatedAt = transaction.Now,
        });
        if (inserted == 0)
        {
            return Refusal.Conflict("client-exists", $"There is a client '{request.Id}' already.");
        }

        await AddSecret.Insert(transaction, request.Id, secret);
        return (await ClientRows.Find(transaction, request.Id))!;
    }

    private static Refusal? Check(Request request)
    {
        var fields = new Fields()
            .Code("/id", request.Id)
            .Text("/name", request.Name)
            .Count("/roles", request.Roles.Count, MaxRoles, min: 0)
            .Count("/scopes", request.Scopes.Count, Audience.All.Count)
            .Check(
                "/code",
                (request.Code is null) == (request.Kind == CallerKind.Provider),
                "invalid-code",
                "A department or a customer is named by its code; the provider has none.");
        if (request.Code is not null)
        {
            fields.Code("/code", request.Code);
        }

        // The reader of JSON lets null pass as an item of a list.
        foreach (var (index, role) in request.Roles.Index())
        {
            fields.Code($"/roles/{index}", role ?? "");
        }

        var allowed = ScopesOf(request.Kind);
        foreach (var (index, scope) in request.Scopes.Index())
        {
            fields.Check(
                $"/scopes/{index}",
                allowed.Contains(scope),
                "invalid-scope",
                $"Possible here: {string.Join(", ", allowed)}.");
        }

        return fields.Refusal;
    }

    private static string[] ScopesOf(CallerKind kind) => kind switch
    {
        CallerKind.Provider => [.. Audience.All.Select(audience => audience.Scope)],
        CallerKind.Department => [Audience.Internal.Scope],
        CallerKind.Customer => [Audience.External.Scope],
    };

    private const string Insert = """
        insert into identity.clients (id, name, kind, code, roles, scopes, created_at)
        values (@Id, @Name, @Kind, @Code, @Roles, @Scopes, @CreatedAt)
        on conflict (id) do nothing
        """;
}
