using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>One version of a service's prices for departments.</summary>
public sealed record PriceList
{
    /// <summary>Code of the service.</summary>
    public required string Service { get; init; }

    public required long Version { get; init; }

    /// <summary>The first month that it prices.</summary>
    public required Period ValidFrom { get; init; }

    /// <summary>The first month that it does not price any more; none while nothing ends it.</summary>
    public required Period? ValidTo { get; init; }

    public required RateMode Mode { get; init; }

    /// <summary>By ascending bound.</summary>
    public required IReadOnlyList<Tier> Tiers { get; init; }

    /// <summary>Where actual cost less all charges goes.</summary>
    public required DifferencePolicy Difference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Prices quantities above the bound before it, up to and with its own.</summary>
    public sealed record Tier
    {
        /// <summary>None for the last tier.</summary>
        public decimal? UpTo { get; init; }

        /// <summary>Per unit of the service, in the currency of the books; at most 12 decimals.</summary>
        public required decimal UnitPrice { get; init; }

        /// <summary>Once a month and department, where the tier prices anything.</summary>
        public decimal FlatFee { get; init; }
    }

    internal RateCard ToCard() =>
        new(Mode, [.. Tiers.Select(tier => new RateTier(tier.UpTo, tier.UnitPrice, tier.FlatFee))]);
}
