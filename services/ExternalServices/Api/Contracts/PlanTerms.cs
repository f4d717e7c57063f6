using System.Collections.Concurrent;
using System.Text.Json;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;

namespace ExternalServices.Api.Contracts;

/// <summary>What a published plan version charges.</summary>
public sealed record PublishedPlan(int MonthsPerPeriod, IReadOnlyList<ContractCharge> Charges);

/// <summary>The published plan versions that billing has met: they never change, so each is read once.</summary>
public sealed class PlanTerms
{
    private readonly ConcurrentDictionary<(string Plan, int Version), PublishedPlan> _known = new();

    public PublishedPlan this[string plan, int version] => _known[(plan, version)];

    /// <summary>Reads those that are not known yet.</summary>
    public async Task Load(Transaction transaction, IEnumerable<(string Plan, int Version)> wanted)
    {
        var missing = wanted.Distinct().Where(key => !_known.ContainsKey(key)).ToArray();
        if (missing.Length == 0) return;

        var rows = await transaction.Query<ChargeRow>(
            Select,
            new
            {
                Plans = missing.Select(key => key.Plan).ToArray(),
                Versions = missing.Select(key => key.Version).ToArray(),
            });
        foreach (var plan in rows.GroupBy(row => (row.Plan, row.Version, row.MonthsPerPeriod)))
        {
            _known[(plan.Key.Plan, plan.Key.Version)] =
                new PublishedPlan(plan.Key.MonthsPerPeriod, [.. plan.Select(row => row.ToCharge())]);
        }
    }

    private sealed record ChargeRow
    {
        public required string Plan { get; init; }

        public required int Version { get; init; }

        public required int MonthsPerPeriod { get; init; }

        public required string Code { get; init; }

        public required string Service { get; init; }

        public required string Description { get; init; }

        public required string Unit { get; init; }

        public required string Model { get; init; }

        public ContractCharge ToCharge() => new()
        {
            Code = Code,
            Service = Service,
            Description = Description,
            Unit = Unit,
            Model = JsonSerializer.Deserialize<ChargeModel>(Model, Wire.Options)!,
        };
    }

    private const string Select = """
        select v.plan, v.version, v.months_per_period, c.code, c.service, c.description, c.unit, c.model
        from unnest(@Plans, @Versions) as wanted (plan, version)
        join contracts.plan_versions v on v.plan = wanted.plan and v.version = wanted.version
        join contracts.plan_charges c on c.plan = v.plan and c.version = v.version
        order by v.plan, v.version, c.position
        """;
}
