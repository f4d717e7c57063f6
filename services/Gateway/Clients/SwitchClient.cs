using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace Gateway.Clients;

/// <summary>Stops a client from getting tokens, or lets it again. Its tokens live on until they expire.</summary>
internal static class SwitchClient
{
    public static async Task<IResult> Disable(
        string id, Caller caller, Database database, CancellationToken cancellationToken)
    {
        if (id == caller.Subject)
        {
            return Problem.Of(Refusal.Conflict("own-client", "Nobody can disable the client that they are using."));
        }

        return await Switch(id, isDisabled: true, database, cancellationToken);
    }

    public static Task<IResult> Enable(string id, Database database, CancellationToken cancellationToken) =>
        Switch(id, isDisabled: false, database, cancellationToken);

    private static async Task<IResult> Switch(
        string id, bool isDisabled, Database database, CancellationToken cancellationToken)
    {
        var client = await database.InTransaction(
            Tenant.Provider,
            async transaction =>
            {
                DateTimeOffset? disabledAt = isDisabled ? transaction.Now : null;
                await transaction.Execute(Update, new { Id = id, DisabledAt = disabledAt });
                return await ClientRows.Find(transaction, id);
            },
            cancellationToken);
        return GetClient.Answered(client, id);
    }

    /// <summary>What is so already stays as it is, with its first date.</summary>
    private const string Update = """
        update identity.clients
        set disabled_at = @DisabledAt, version = version + 1
        where id = @Id and (disabled_at is null) <> (@DisabledAt::timestamptz is null)
        """;
}
