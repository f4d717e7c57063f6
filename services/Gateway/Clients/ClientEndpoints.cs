using Gateway.Tokens;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Clients;

/// <summary>The administration of those who may ask for tokens.</summary>
internal static class ClientEndpoints
{
    public const string Path = "/gateway/v1/clients";
    public const string Tag = "Clients";
    public const string AdministratorRole = "administrator";

    private const string TokensGoOn = "Tokens that are out expire within ten minutes.";

    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var clients = app.MapGroup(Path)
            .WithTags(Tag)
            .RequireAuthorization(ScopePolicy.NameOf(Audience.Gateway))
            .Allow(Callers.Provider, role: AdministratorRole);

        clients.MapPost("", CreateClient.Handle)
            .Describe("createClient", "Register a client", """
                A client is one person or one system. The answer shows its secret, this once: only a hash is stored.
                """)
            .Answers<ClientWithSecret>(StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status409Conflict, "client-exists", "The id is taken.")
            .Refuses(StatusCodes.Status422UnprocessableEntity, "invalid-fields", "Members of the body break a rule.");

        clients.MapGet("", ListClients.Handle)
            .Describe("listClients", "List the clients", "By id; without secrets.")
            .Answers<Page<Client>>();

        clients.MapGet("/{id}", GetClient.Handle)
            .Describe("getClient", "Read a client", "With the dates of its secrets, not their text.")
            .Answers<Client>()
            .Refuses(StatusCodes.Status404NotFound, "client-not-found", "No client has this id.");

        clients.MapPost("/{id}/secrets", AddSecret.Handle)
            .Describe("addClientSecret", "Give a client a new secret", """
                The secret before it stays valid, so that the client's system can change over without an outage; an
                older one does not. The answer shows the secret, this once.
                """)
            .Answers<ClientWithSecret>(StatusCodes.Status201Created)
            .Refuses(StatusCodes.Status404NotFound, "client-not-found", "No client has this id.");

        clients.MapDelete("/{id}/secrets/{secretId:guid}", RevokeSecret.Handle)
            .Describe("revokeClientSecret", "Revoke a secret", $"At once, for new tokens. {TokensGoOn}")
            .Answers(StatusCodes.Status204NoContent)
            .Refuses(StatusCodes.Status404NotFound, "secret-not-found", "The client has no such secret.")
            .Refuses(StatusCodes.Status409Conflict, "last-secret", "It is the client's only secret.");

        clients.MapPost("/{id}/disable", SwitchClient.Disable)
            .Describe("disableClient", "Disable a client", $"It gets no tokens any more. {TokensGoOn}")
            .Answers<Client>()
            .Refuses(StatusCodes.Status404NotFound, "client-not-found", "No client has this id.")
            .Refuses(StatusCodes.Status409Conflict, "own-client", "The request's token was issued to it.");

        clients.MapPost("/{id}/enable", SwitchClient.Enable)
            .Describe("enableClient", "Enable a client again", "Its secrets are as valid as they were.")
            .Answers<Client>()
            .Refuses(StatusCodes.Status404NotFound, "client-not-found", "No client has this id.");
    }
}
