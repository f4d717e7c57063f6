using Npgsql;
using ServiceMesh.Hosting.Identity;

namespace Gateway.Tokens;

/// <summary>What a token says about its client.</summary>
internal sealed record TokenClient(
    string Id, CallerKind Kind, string? Code, IReadOnlyList<string> Roles, IReadOnlyList<string> Scopes);

/// <summary>
/// Finds the client behind an id and a secret: one round trip for each token. Nothing is cached, so that a disabled
/// client or a withdrawn secret gets no further token; signing a token costs more than reading the client.
/// </summary>
internal sealed class ClientLookup(NpgsqlDataSource database, TimeProvider clock)
{
    public async Task<TokenClient?> Authenticate(string? id, string? secret, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret) || id.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return null;
        }

        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken) || !SecretMatches(reader.GetFieldValue<byte[][]>(5), secret))
        {
            return null;
        }

        var client = new TokenClient(
            id,
            TokenClaims.ReadKind(reader.GetString(0))!.Value,
            reader.IsDBNull(1) ? null : reader.GetString(1),
            reader.GetFieldValue<string[]>(2),
            reader.GetFieldValue<string[]>(3));
        var isFirstUseToday = reader.IsDBNull(4) || reader.GetFieldValue<DateOnly>(4) < today;
        await reader.DisposeAsync();
        if (isFirstUseToday)
        {
            await NoteUse(id, today, cancellationToken);
        }

        return client;
    }

    private static bool SecretMatches(byte[][] hashes, string secret)
    {
        var matches = false;
        foreach (var hash in hashes)
        {
            matches |= ClientSecret.Matches(hash, secret);
        }

        return matches;
    }

    /// <summary>A day is exact enough to find clients that nobody uses any more, and costs one write a day.</summary>
    private async Task NoteUse(string id, DateOnly today, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(UpdateUse);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = today });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private const string Select = """
        select kind, code, roles, scopes, last_used_on,
               array(select hash from identity.client_secrets where client_id = clients.id)
        from identity.clients
        where id = $1 and disabled_at is null
        """;

    private const string UpdateUse = """
        update identity.clients set last_used_on = $2 where id = $1 and (last_used_on is null or last_used_on < $2)
        """;
}
