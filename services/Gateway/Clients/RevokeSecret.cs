using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace Gateway.Clients;

/// <summary>Makes a secret invalid at once, when it has leaked or its successor is in use everywhere.</summary>
internal static class RevokeSecret
{
    public static async Task<IResult> Handle(
        string id, Guid secretId, Database database, CancellationToken cancellationToken)
    {
        var outcome = await database.InTransaction(
            Tenant.Provider, transaction => Revoke(transaction, id, secretId), cancellationToken);
        return Answer.Of(outcome, _ => Answer.NoContent());
    }

    private static async Task<Outcome<int>> Revoke(Transaction transaction, string id, Guid secretId)
    {
        await transaction.Execute(Touch, new { Id = id });
        var secrets = (await ClientRows.Find(transaction, id))?.Client.Secrets ?? [];
        if (secrets.All(secret => secret.Id != secretId))
        {
            return Refusal.NotFound("secret", $"{id}/{secretId}");
        }

        return secrets.Count > 1
            ? await transaction.Execute(Delete, new { Id = secretId })
            : Refusal.Conflict("last-secret", "It is the only secret: add another one first, or disable the client.");
    }

    /// <summary>Also takes the row's lock, so that two revocations do not leave none.</summary>
    private const string Touch = "update identity.clients set version = version + 1 where id = @Id";

    private const string Delete = "delete from identity.client_secrets where id = @Id";
}
