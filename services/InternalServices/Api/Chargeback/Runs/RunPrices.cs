using InternalServices.Api.Chargeback.RateCards;
using InternalServices.Api.Chargeback.RuleSets;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>By which prices the month's pools are charged.</summary>
internal sealed class RunPrices(IEnumerable<PricedService> services, IEnumerable<PriceList> cards)
{
    private readonly Dictionary<string, string> _ownerOf =
        services.ToDictionary(service => service.Service, service => service.Owner, StringComparer.Ordinal);

    private readonly Dictionary<string, PriceList> _cardOf =
        cards.ToDictionary(card => card.Service, StringComparer.Ordinal);

    public bool Charge(string? service) => service is not null && _ownerOf.ContainsKey(service);

    /// <summary>The pool's prices; null where its cost is recovered.</summary>
    public RateCardCharging? Of(string? service) =>
        service is not null
        && _ownerOf.TryGetValue(service, out var owner)
        && _cardOf.TryGetValue(service, out var card)
            ? new RateCardCharging(card.ToCard(), card.Difference, owner)
            : null;

    /// <summary>
    /// A service that is charged by price needs one pool, prices for the month, and a rule that counts its usage.
    /// </summary>
    /// <param name="pools">Those of the run.</param>
    /// <param name="serviceOf">Which service a pool is of.</param>
    /// <param name="ruleOf">The pool's rule.</param>
    public Refusal? Check(
        IEnumerable<string> pools, Func<string, string?> serviceOf, Func<string, RuleSet.Rule?> ruleOf)
    {
        var charged = pools.Where(pool => Charge(serviceOf(pool))).Order(StringComparer.Ordinal).ToList();
        return Refuse(
                "rate-card-missing",
                "The service is charged by price and has none for the month.",
                charged.Where(pool => !_cardOf.ContainsKey(serviceOf(pool)!)))
            ?? Refuse(
                "rate-card-driver",
                "What is charged by price is driven by the usage of the same service.",
                charged.Where(pool => ruleOf(pool)?.Driver.Service != serviceOf(pool)))
            ?? Refuse(
                "rate-card-ambiguous",
                "Use is charged once, so a service that is charged by price has one pool a month.",
                charged.GroupBy(serviceOf).Where(group => group.Skip(1).Any()).SelectMany(group => group));
    }

    private static Refusal? Refuse(string code, string detail, IEnumerable<string> pools)
    {
        IReadOnlyList<FieldRefusal> fields =
            [.. pools.Select(pool => new FieldRefusal($"/pools/{pool}", code, detail))];
        return fields.Count == 0
            ? null
            : Refusal.Rejected(code, detail, fields[0].Pointer) with { Fields = fields };
    }
}

/// <summary>A service that is charged by price.</summary>
internal sealed record PricedService
{
    public required string Service { get; init; }

    public required string Owner { get; init; }
}
