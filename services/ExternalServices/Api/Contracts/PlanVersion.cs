using System.Text.Json;
using ExternalServices.Domain.Pricing;
using ExternalServices.Domain.Tax;
using ExternalServices.Domain.Usage;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;

namespace ExternalServices.Api.Contracts;

/// <summary>What a plan charges. A draft can be edited; a published version never changes.</summary>
public sealed record PlanVersion
{
    public required string Plan { get; init; }

    public required int Version { get; init; }

    public required PlanVersionState State { get; init; }

    /// <summary>Length of a billing period.</summary>
    public required int MonthsPerPeriod { get; init; }

    /// <summary>In the order in which they are invoiced.</summary>
    public required IReadOnlyList<PlanCharge> Charges { get; init; }

    /// <summary>What is billed at least for a billing period.</summary>
    public required IReadOnlyList<Commitment> Commitments { get; init; }

    /// <summary>Grows with each edit of the draft; the ETag.</summary>
    public required int Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? PublishedAt { get; init; }

    internal static async Task<PlanVersion?> Read(Transaction transaction, string plan, int version)
    {
        var key = new { Plan = plan, Version = version };
        if (await transaction.SingleOrDefault<PlanVersionRow>(SelectVersion, key) is not { } row) return null;
        var charges = await transaction.Query<PlanChargeRow>(SelectCharges, key);
        var commitments = await transaction.Query<CommitmentRow>(SelectCommitments, key);
        return new PlanVersion
        {
            Plan = row.Plan,
            Version = row.Version,
            State = row.State,
            MonthsPerPeriod = row.MonthsPerPeriod,
            Charges = [.. charges.Select(charge => charge.ToPlanCharge())],
            Commitments = [.. commitments.Select(commitment => commitment.ToCommitment())],
            Revision = row.Revision,
            CreatedAt = row.CreatedAt,
            PublishedAt = row.PublishedAt,
        };
    }

    private const string SelectVersion = """
        select plan, version, state, months_per_period, revision, created_at, published_at
        from contracts.plan_versions
        where plan = @Plan and version = @Version
        """;

    private const string SelectCharges = """
        select code, service, description, unit, model, meter, tax_class
        from contracts.plan_charges
        where plan = @Plan and version = @Version
        order by position
        """;

    private const string SelectCommitments = """
        select plan, version, code, service, description, trim_scale(amount) as amount, scope, tax_class
        from contracts.plan_commitments
        where plan = @Plan and version = @Version
        order by position
        """;
}

public enum PlanVersionState
{
    /// <summary>Can be edited, and cannot be signed.</summary>
    Draft,

    /// <summary>Can be signed, and never changes.</summary>
    Published,
}

/// <summary>One charge of a plan version.</summary>
public sealed record PlanCharge
{
    /// <summary>Unique in the version.</summary>
    public required string Code { get; init; }

    /// <summary>Code of the service that is paid for.</summary>
    public required string Service { get; init; }

    /// <summary>As the customer reads it on the invoice.</summary>
    public required string Description { get; init; }

    /// <summary>What one unit on the invoice is: the service's unit, or the billing period.</summary>
    public required string Unit { get; init; }

    /// <summary>How a quantity becomes an amount, in the plan's currency.</summary>
    public required ChargeModel Price { get; init; }

    /// <summary>How usage becomes the quantity; null for an agreed fee.</summary>
    public required MeterSpec? Meter { get; init; }

    /// <summary>At which of its country's rates the seller taxes it.</summary>
    public required TaxClass TaxClass { get; init; }
}

internal sealed record PlanVersionRow
{
    public required string Plan { get; init; }

    public required int Version { get; init; }

    public required PlanVersionState State { get; init; }

    public required int MonthsPerPeriod { get; init; }

    public required int Revision { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? PublishedAt { get; init; }
}

internal sealed record PlanChargeRow
{
    public required string Code { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    public required string Unit { get; init; }

    public required string Model { get; init; }

    public required string? Meter { get; init; }

    public required TaxClass TaxClass { get; init; }

    public PlanCharge ToPlanCharge()
    {
        var price = JsonSerializer.Deserialize<ChargeModel>(Model, Wire.Options)!;
        return new PlanCharge
        {
            Code = Code,
            Service = Service,
            Description = Description,
            Unit = Unit,
            Price = price,
            Meter = price.IsMetered ? PlanTerms.MeterOf(Meter) : null,
            TaxClass = TaxClass,
        };
    }
}
