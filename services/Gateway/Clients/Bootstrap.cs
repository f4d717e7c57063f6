using Gateway.Tokens;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Clients;

/// <summary>Registers clients where no administrator can yet: at the first start, and from the command line.</summary>
internal static class Bootstrap
{
    private const string FirstClient = "administrator";

    public static async Task Migrate(WebApplication app, CancellationToken cancellationToken)
    {
        var owner = app.Services.GetRequiredService<DatabaseOptions>().OwnerConnectionString;
        await Migrations.Run(owner, app.Logger, cancellationToken, typeof(Bootstrap).Assembly);
        await CreateAdministrator(
            app.Services.GetRequiredService<Database>(),
            app.Services.GetRequiredService<GatewayOptions>().BootstrapSecretFile,
            cancellationToken);
    }

    /// <summary>
    /// Creates the first administrator with a secret that the operator has written into a file. Does nothing once there
    /// is any client, so that the file is no back door later.
    /// </summary>
    private static async Task CreateAdministrator(
        Database database, string? secretFile, CancellationToken cancellationToken)
    {
        if (Secret.Of(null, secretFile) is not { } secret)
        {
            return;
        }

        if (secret.Length < ClientSecret.MinLength)
        {
            throw new InvalidOperationException(
                $"{secretFile} has to hold at least {ClientSecret.MinLength} random characters.");
        }

        var administrator = new CreateClient.Request
        {
            Id = FirstClient,
            Name = "The first administrator",
            Kind = CallerKind.Provider,
            Roles = [ClientEndpoints.AdministratorRole],
            Scopes = [.. Audience.All.Select(audience => audience.Scope)],
        };
        await database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                await transaction.Execute(LockClients);
                if (!await transaction.Scalar<bool>(AnyClient))
                {
                    await CreateClient.Save(transaction, administrator, secret);
                }
            },
            cancellationToken);
    }

    /// <summary><c>add-client --id ID …</c>: prints the secret of the new client and nothing else.</summary>
    public static async Task<int> AddClient(WebApplication app)
    {
        var arguments = app.Configuration;
        if (TokenClaims.ReadKind(arguments["kind"]) is not { } kind || arguments["id"] is not { } id)
        {
            await Console.Error.WriteLineAsync(
                "add-client --id ID [--name NAME] --kind provider|department|customer [--code CODE] [--roles A,B] "
                + "--scopes A,B");
            return 2;
        }

        var request = new CreateClient.Request
        {
            Id = id,
            Name = arguments["name"] ?? id,
            Kind = kind,
            Code = arguments["code"],
            Roles = Split(arguments["roles"]),
            Scopes = Split(arguments["scopes"]),
        };
        var secret = ClientSecret.Generate();
        var outcome = await app.Services.GetRequiredService<Database>().InTransaction(
            Tenant.Provider, transaction => CreateClient.Save(transaction, request, secret), CancellationToken.None);
        if (outcome.Refusal is { } refusal)
        {
            var reasons = refusal.Fields?.Select(field => $"{field.Pointer}: {field.Detail}") ?? [refusal.Detail];
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, reasons));
            return 1;
        }

        Console.WriteLine(secret);
        return 0;
    }

    private static string[] Split(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private const string LockClients = "lock table identity.clients in share row exclusive mode";

    private const string AnyClient = "select exists (select from identity.clients)";
}
