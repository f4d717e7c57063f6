using System.Collections.Concurrent;
using System.Text.Json;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ExternalServices.Domain.Usage;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;

namespace ExternalServices.Api.Contracts;

/// <summary>What a published plan version charges.</summary>
public sealed record PublishedPlan(
    int MonthsPerPeriod,
    IReadOnlyList<ContractCharge> Charges,
    IReadOnlyList<MinimumCommitment> Commitments);

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

        foreach (var (key, plan) in await Read(transaction, missing)) _known[key] = plan;
    }

    /// <summary>Versions as they are now, drafts too; none of them is kept.</summary>
    internal static async Task<Dictionary<(string Plan, int Version), PublishedPlan>> Read(
        Transaction transaction, params (string Plan, int Version)[] wanted)
    {
        var keys = new
        {
            Plans = wanted.Select(key => key.Plan).ToArray(),
            Versions = wanted.Select(key => key.Version).ToArray(),
        };
        var charges = await transaction.Query<ChargeRow>(SelectCharges, keys);
        var commitments = (await transaction.Query<CommitmentRow>(SelectCommitments, keys))
            .ToLookup(row => (row.Plan, row.Version), row => row.ToCommitment().ToDomain());
        return charges.GroupBy(row => (row.Plan, row.Version, row.MonthsPerPeriod)).ToDictionary(
            plan => (plan.Key.Plan, plan.Key.Version),
            plan => new PublishedPlan(
                plan.Key.MonthsPerPeriod,
                [.. plan.Select(row => row.ToCharge())],
                [.. commitments[(plan.Key.Plan, plan.Key.Version)]]));
    }

    internal static MeterSpec MeterOf(string? meter) =>
        meter is null ? MeterSpec.Sum : JsonSerializer.Deserialize<MeterSpec>(meter, Wire.Options)!;

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

        public required string? Meter { get; init; }

        public required TaxClass TaxClass { get; init; }

        public ContractCharge ToCharge() => new()
        {
            Code = Code,
            Service = Service,
            Description = Description,
            Unit = Unit,
            Model = JsonSerializer.Deserialize<ChargeModel>(Model, Wire.Options)!,
            Meter = MeterOf(Meter),
            TaxClass = TaxClass,
        };
    }

    private const string SelectCharges = """
        select v.plan, v.version, v.months_per_period, c.code, c.service, c.description, c.unit, c.model, c.meter,
            c.tax_class
        from unnest(@Plans, @Versions) as wanted (plan, version)
        join contracts.plan_versions v on v.plan = wanted.plan and v.version = wanted.version
        join contracts.plan_charges c on c.plan = v.plan and c.version = v.version
        order by v.plan, v.version, c.position
        """;

    private const string SelectCommitments = """
        select c.plan, c.version, c.code, c.service, c.description, trim_scale(c.amount) as amount, c.scope,
            c.tax_class
        from unnest(@Plans, @Versions) as wanted (plan, version)
        join contracts.plan_commitments c on c.plan = wanted.plan and c.version = wanted.version
        order by c.plan, c.version, c.position
        """;
}
