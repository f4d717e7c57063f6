using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.Runs;

/// <summary>The lines of one pool, in whole minor units that sum to the pool's amount.</summary>
/// <param name="cost">What the pool cost.</param>
/// <param name="consumption">What drives the shared part; null where nothing is to be distributed.</param>
/// <param name="shares">Where the shared part ends; null with the consumption.</param>
/// <param name="currency">Gives the minor unit.</param>
internal sealed class PoolPosting(PoolCost cost, Consumption? consumption, EndShares? shares, Currency currency)
{
    private static readonly CostEnd ExternalUse = CostEnd.UseBy(DepartmentCodes.ExternalBusiness, service: null);

    public (PoolResult Pool, IReadOnlyList<AllocationLine> Lines) Post(decimal amount)
    {
        decimal[] exact = [cost.Shared, .. cost.Direct.Select(direct => direct.Amount)];
        var parts = MoneySplit.RoundTowards(amount, exact, currency);
        var pool = new PoolResult(
            cost.Pool.Code,
            cost.Pool.Service,
            cost.Total,
            amount,
            UnitsAboveFloor(amount, Rational.From(cost.Total)),
            cost.Shared,
            parts[0])
        {
            Capacity = CapacityUse(),
        };
        return (pool, [.. SharedLines(parts[0]), .. DirectLines(parts[1..])]);
    }

    private CapacityUse? CapacityUse() =>
        consumption?.Pool.Rule.Capacity is null
            ? null
            : new CapacityUse(
                consumption.Total,
                consumption.Used,
                decimal.Max(0, consumption.Unused),
                ExactAmount.Quotient(cost.Shared, consumption.Total));

    private IEnumerable<AllocationLine> SharedLines(decimal shared)
    {
        if (consumption is null || shares is null)
        {
            return [];
        }

        return cost.Pool.RateCard is { } rateCard
            ? ChargeLines(consumption, shares, rateCard, shared)
            : ShareLines(consumption, shares, shared, cost.Shared, (end, share) =>
                !end.IsCapacity ? LineKind.Shared
                : share < 0 ? LineKind.OverRecovery
                : LineKind.UnusedCapacity);
    }

    /// <summary>An amount in whole minor units by the shares, and the exact one that it was rounded from.</summary>
    private IEnumerable<AllocationLine> ShareLines(
        Consumption drivers, EndShares by, decimal amount, decimal exact, Func<CostEnd, decimal, LineKind> kindOf)
    {
        var quantities = drivers.Ends().ToDictionary(end => end.End.Posted, end => end.Quantity);
        var parts = by.Split(amount, currency);
        var exactParts = by.PartsOf(exact);
        var shareParts = by.PartsOf(1);
        return by.Ends.Select((end, i) => new AllocationLine
        {
            Pool = cost.Pool.Code,
            Department = end.Department,
            Kind = kindOf(end, shareParts[i]),
            Amount = parts[i].Amount,
            Exact = exactParts[i],
            RoundingUnits = parts[i].SpareUnits,
            Quantity = quantities.GetValueOrDefault(end),
            TotalQuantity = drivers.Total,
            Share = shareParts[i],
            ByService = end == ExternalUse ? by.ByService(i, parts[i], amount, currency) : [],
        });
    }

    /// <summary>What departments used at the card's prices, and where the difference to the cost goes.</summary>
    private IEnumerable<AllocationLine> ChargeLines(
        Consumption drivers, EndShares by, RateCardCharging rateCard, decimal shared)
    {
        var charges = cost.Pool.Drivers
            .Where(driver => driver.Consumer.Kind == ConsumerKind.Department)
            .OrderBy(driver => driver.Consumer.Code, StringComparer.Ordinal)
            .Select(driver => ChargeLine(driver, rateCard.Card.Charge(driver.Quantity)))
            .ToList();
        var charged = charges.Sum(line => line.Amount);
        var differences = rateCard.Difference == DifferencePolicy.TrueUp
            ? ShareLines(drivers, by, shared - charged, cost.Shared - charged, (_, _) => LineKind.TrueUp)
            : [DifferenceLine(rateCard, shared - charged, cost.Shared - charged)];
        return [.. charges, .. differences];
    }

    private AllocationLine ChargeLine(DriverQuantity used, Rational charge)
    {
        var amount = charge.Round(currency.Exponent);
        var isExternal = used.Consumer.Code == DepartmentCodes.ExternalBusiness;
        return new AllocationLine
        {
            Pool = cost.Pool.Code,
            Department = used.Consumer.Code,
            Kind = LineKind.RateCard,
            Amount = amount,
            Exact = charge.Round(ExactAmount.Decimals),
            RoundingUnits = UnitsAboveFloor(amount, charge),
            Quantity = ExactAmount.Canonical(used.Quantity),
            Share = 0,
            ByService = isExternal ? [new ServiceAmount(cost.Pool.Service, amount)] : [],
        };
    }

    private AllocationLine DifferenceLine(RateCardCharging rateCard, decimal amount, decimal exact) =>
        new()
        {
            Pool = cost.Pool.Code,
            Department = rateCard.Owner,
            Kind = rateCard.Difference == DifferencePolicy.CarryForward ? LineKind.CarryForward : LineKind.Absorbed,
            Amount = amount,
            Exact = exact,
            RoundingUnits = UnitsAboveFloor(amount, Rational.From(exact)),
            Share = 0,
        };

    private IEnumerable<AllocationLine> DirectLines(decimal[] amounts) =>
        cost.Direct.Select((direct, i) => new AllocationLine
        {
            Pool = cost.Pool.Code,
            Department = direct.Department,
            Customer = direct.Customer,
            Kind = LineKind.Direct,
            Amount = amounts[i],
            Exact = direct.Amount,
            RoundingUnits = UnitsAboveFloor(amounts[i], Rational.From(direct.Amount)),
            Share = 1,
            ByService = direct.IsExternal ? [new ServiceAmount(cost.Pool.Service, amounts[i])] : [],
        });

    /// <summary>How many minor units the amount stands above the exact value cut off towards −∞.</summary>
    private int UnitsAboveFloor(decimal amount, Rational exact) =>
        (int)(MoneySplit.Units(amount, currency) - (exact / Rational.From(currency.MinorUnit)).Floor());
}
