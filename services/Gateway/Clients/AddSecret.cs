using Gateway.Tokens;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace Gateway.Clients;

/// <summary>Gives a client a new secret. The one before it stays valid; an older one does not.</summary>
internal static class AddSecret
{
    public static async Task<IResult> Handle(string id, Database database, CancellationToken cancellationToken)
    {
        var secret = ClientSecret.Generate();
        var outcome = await database.InTransaction(
            Tenant.Provider, transaction => Rotate(transaction, id, secret), cancellationToken);
        return Answer.Of(outcome, rotated =>
            Answer.Created(
                $"{ClientEndpoints.Path}/{id}",
                new ClientWithSecret { Client = rotated.Client, Secret = secret }) with
            { Version = rotated.Version });
    }

    private static async Task<Outcome<ClientRows.Versioned>> Rotate(Transaction transaction, string id, string secret)
    {
        if (await transaction.Execute(Touch, new { Id = id }) == 0)
        {
            return Refusal.NotFound("client", id);
        }

        await transaction.Execute(RemoveOlder, new { ClientId = id });
        await Insert(transaction, id, secret);
        return (await ClientRows.Find(transaction, id))!;
    }

    public static Task Insert(Transaction transaction, string clientId, string secret) =>
        transaction.Execute(InsertSecret, new
        {
            Id = Guid.CreateVersion7(transaction.Now),
            ClientId = clientId,
            Hash = ClientSecret.Hash(secret),
            CreatedAt = transaction.Now,
        });

    /// <summary>Also takes the row's lock, so that two rotations do not leave three secrets.</summary>
    private const string Touch = "update identity.clients set version = version + 1 where id = @Id";

    private const string RemoveOlder = """
        delete from identity.client_secrets
        where client_id = @ClientId
          and id <> (
            select id from identity.client_secrets where client_id = @ClientId order by created_at desc, id desc limit 1
          )
        """;

    private const string InsertSecret = """
        insert into identity.client_secrets (id, client_id, hash, created_at) values (@Id, @ClientId, @Hash, @CreatedAt)
        """;
}
