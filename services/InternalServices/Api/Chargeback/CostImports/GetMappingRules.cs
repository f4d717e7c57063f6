using System.Text.Json;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;

namespace InternalServices.Api.Chargeback.CostImports;

public static class GetMappingRules
{
    public static async Task<IResult> Handle(Database database, CancellationToken cancellationToken)
    {
        var rules = await database.Read(Tenant.Provider, Load, cancellationToken);
        return Answer.Ok(rules) with { Version = rules.Version };
    }

    internal static async Task<MappingRules> Load(Transaction transaction)
    {
        var row = await transaction.Single<Row>(Select);
        return new MappingRules
        {
            Version = row.Version,
            Rules = JsonSerializer.Deserialize<IReadOnlyList<MappingRules.Rule>>(row.Rules, Wire.Options)!,
            ChangedAt = row.CreatedAt,
        };
    }

    private sealed record Row
    {
        public required long Version { get; init; }

        public required string Rules { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }
    }

    private const string Select = """
        select version, rules::text as rules, created_at
        from chargeback.mapping_rule_lists
        order by version desc
        limit 1
        """;
}
