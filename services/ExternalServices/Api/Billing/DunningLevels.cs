using System.Text.Json;
using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>How a legal entity reminds its customers.</summary>
public sealed record DunningSettings
{
    public required string LegalEntity { get; init; }

    /// <summary>In the order in which they are sent; none means that nobody is reminded.</summary>
    public required IReadOnlyList<DunningLevel> Levels { get; init; }

    /// <summary>Grows with each change, from 0; the ETag.</summary>
    public required int Version { get; init; }
}

public static class GetDunningLevels
{
    public static async Task<IResult> Handle(string code, Database database, CancellationToken cancellationToken) =>
        Answer.OfResource(
            await database.Read(Tenant.Provider, transaction => Read(transaction, code), cancellationToken),
            "legal-entity",
            code,
            settings => settings.Version);

    internal static async Task<DunningSettings?> Read(Transaction transaction, string code) =>
        await transaction.SingleOrDefault<Row>(Select, new { Code = code }) is { } row
            ? new DunningSettings
            {
                LegalEntity = code,
                Levels = row.Levels is null
                    ? []
                    : JsonSerializer.Deserialize<DunningLevel[]>(row.Levels, Wire.Options)!,
                Version = row.Version ?? 0,
            }
            : null;

    private sealed record Row
    {
        public required string? Levels { get; init; }

        public required int? Version { get; init; }
    }

    private const string Select = """
        select policy.levels::text as levels, policy.version
        from parties.legal_entities entity
        left join billing.dunning_policies policy on policy.legal_entity = entity.code
        where entity.code = @Code
        """;
}

/// <summary>Says when customers are reminded; reminders that were sent stay.</summary>
public static class SetDunningLevels
{
    private const int MaxLevels = 9;
    private const int MaxDays = 3650;

    public sealed record Request
    {
        /// <summary>Each later than the one before.</summary>
        public required IReadOnlyList<DunningLevel> Levels { get; init; }
    }

    public static async Task<IResult> Handle(
        string code, Request body, IfMatch ifMatch, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Set(transaction, code, body, ifMatch), cancellationToken),
            settings => Answer.Ok(settings) with { Version = settings.Version });

    private static async Task<Outcome<DunningSettings>> Set(
        Transaction transaction, string code, Request body, IfMatch ifMatch)
    {
        var fields = new Fields().Count("/levels", body.Levels.Count, MaxLevels, min: 0);
        for (var i = 0; i < body.Levels.Count; i++)
        {
            var (level, earlier) = (body.Levels[i], i == 0 ? 0 : body.Levels[i - 1].DaysOverdue);
            fields.Range($"/levels/{i}/daysOverdue", level.DaysOverdue, earlier + 1, MaxDays)
                .Check(
                    $"/levels/{i}/fee", level.Fee is null or { Amount: > 0 }, "not-positive", "A fee is above zero.");
        }

        if (fields.Refusal is { } refusal) return refusal;
        await transaction.Execute(Lock, new { Code = code });
        if (await GetDunningLevels.Read(transaction, code) is not { } current)
        {
            return Refusal.NotFound("legal-entity", code);
        }

        if (ifMatch.Check(current.Version) is { } stale) return stale;
        var changed = current with { Levels = body.Levels, Version = current.Version + 1 };
        await transaction.Execute(
            Upsert,
            new
            {
                Code = code,
                changed.Version,
                Levels = JsonSerializer.Serialize(body.Levels, Wire.Options),
            });
        return changed;
    }

    private const string Lock = "select from parties.legal_entities where code = @Code for no key update";

    private const string Upsert = """
        insert into billing.dunning_policies (legal_entity, version, levels)
        values (@Code, @Version, @Levels::jsonb)
        on conflict (legal_entity) do update set version = excluded.version, levels = excluded.levels
        """;
}
