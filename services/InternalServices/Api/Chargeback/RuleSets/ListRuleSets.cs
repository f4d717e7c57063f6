using System.Globalization;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.RuleSets;

/// <summary>The versions, the latest first.</summary>
public static class ListRuleSets
{
    /// <summary>A version without its rules.</summary>
    public sealed record Summary
    {
        public required long Version { get; init; }

        public required AllocationMethod Method { get; init; }

        /// <summary>How many pools have a rule.</summary>
        public required int Pools { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required string CreatedBy { get; init; }
    }

    public static async Task<Page<Summary>> Handle(
        Paging paging, Database database, CancellationToken cancellationToken)
    {
        var before = long.TryParse(paging.After, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : long.MaxValue;
        return paging.Page(
            await database.Read(
                Tenant.Provider,
                transaction => transaction.Query<Summary>(Select, new { Before = before, paging.Fetch }),
                cancellationToken),
            ruleSet => $"{ruleSet.Version}");
    }

    private const string Select = """
        select version, method, created_at, created_by,
            (select count(*)::int from chargeback.pool_rules where rule_set_version = version) as pools
        from chargeback.rule_sets
        where version < @Before
        order by version desc
        limit @Fetch
        """;
}
