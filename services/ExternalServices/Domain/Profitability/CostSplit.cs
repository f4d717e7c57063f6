using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Profitability;

/// <summary>The external share of a month, split over the customers.</summary>
internal sealed class CostSplit
{
    private readonly ExternalCosts _costs;
    private readonly List<CustomerActivity> _customers;
    private readonly Dictionary<string, decimal> _directCosts;
    private readonly Dictionary<(string Customer, string Service), decimal> _serviceCosts = [];
    private readonly List<ExternalServiceCost> _unused = [];

    private CostSplit(ExternalCosts costs)
    {
        _costs = costs;
        _directCosts = costs.DirectCosts
            .GroupBy(direct => direct.Customer)
            .ToDictionary(group => group.Key, group => group.Sum(direct => direct.Cost), StringComparer.Ordinal);
        _customers = WithDirectCostsOnly(costs)
            .Concat(costs.Customers)
            .OrderBy(customer => customer.Customer, StringComparer.Ordinal)
            .ToList();
    }

    public IReadOnlyList<CustomerProfitability> Customers { get; private set; } = [];

    public IReadOnlyList<ExternalServiceCost> UnusedServices => _unused;

    public decimal Residual => _costs.OverheadResidual + _unused.Sum(service => service.Cost);

    public ResidualKey ResidualKey { get; private set; }

    public static Outcome<CostSplit> Of(ExternalCosts costs)
    {
        var split = new CostSplit(costs);
        return (split.Check() ?? split.SplitServices() ?? split.SplitResidual()) is { } refusal ? refusal : split;
    }

    /// <summary>A customer may cost something in a month in which it neither used nor paid anything.</summary>
    private static IEnumerable<CustomerActivity> WithDirectCostsOnly(ExternalCosts costs)
    {
        var active = costs.Customers.Select(customer => customer.Customer).ToHashSet(StringComparer.Ordinal);
        return costs.DirectCosts
            .Select(direct => direct.Customer)
            .Distinct(StringComparer.Ordinal)
            .Where(customer => !active.Contains(customer))
            .Select(customer => new CustomerActivity(customer, 0, new Dictionary<string, decimal>()));
    }

    private Refusal? Check()
    {
        if (_customers.Count == 0 && _costs.ExternalShare != 0)
        {
            return Refusal.Rejected(
                "no-customers", $"There is a cost of {_costs.ExternalShare} and no customer to carry it.");
        }

        if (FirstTwice(_customers.Select(customer => customer.Customer)) is { } customer)
        {
            return Refusal.Rejected("customer-duplicate", $"The customer {customer} is listed twice.", "/customers");
        }

        return FirstTwice(_costs.Services.Select(service => service.Service)) is { } service
            ? Refusal.Rejected("service-duplicate", $"The service {service} is listed twice.", "/services")
            : null;
    }

    private static string? FirstTwice(IEnumerable<string> codes) =>
        codes.GroupBy(code => code, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;

    private Refusal? SplitServices()
    {
        foreach (var service in _costs.Services)
        {
            var users = _customers.FindAll(customer => customer.Quantities.GetValueOrDefault(service.Service) != 0);
            if (users.Count == 0)
            {
                if (service.Cost != 0)
                {
                    _unused.Add(service);
                }

                continue;
            }

            var quantities = users.ConvertAll(customer => customer.Quantities[service.Service]);
            var parts = MoneySplit.ByWeights(service.Cost, _costs.Currency, quantities);
            if (parts.IsRefused)
            {
                return parts.Refusal with { Pointer = $"/services/{service.Service}" };
            }

            for (var i = 0; i < users.Count; i++)
            {
                _serviceCosts[(users[i].Customer, service.Service)] = parts.Value[i];
            }
        }

        return null;
    }

    private Refusal? SplitResidual()
    {
        if (_customers.Count == 0)
        {
            return null;
        }

        var weights = ResidualWeights();
        var parts = MoneySplit.ByWeights(Residual, _costs.Currency, weights);
        if (parts.IsRefused)
        {
            return parts.Refusal with { Pointer = "/overheadResidual" };
        }

        Customers = _customers.Select((customer, i) => Profitability(customer, parts.Value[i])).ToList();
        return null;
    }

    private decimal[] ResidualWeights()
    {
        var weights = _costs.ResidualKey switch
        {
            ResidualKey.Revenue => _customers.Select(customer => decimal.Max(0, customer.Revenue)),
            ResidualKey.ServiceCost => _customers.Select(customer => decimal.Max(0, ServiceCostOf(customer))),
            ResidualKey.Even => _customers.Select(_ => 1m),
        };
        var declared = weights.ToArray();
        ResidualKey = declared.Sum() == 0 ? ResidualKey.Even : _costs.ResidualKey;
        return declared.Sum() == 0 ? Array.ConvertAll(declared, _ => 1m) : declared;
    }

    private decimal ServiceCostOf(CustomerActivity customer) =>
        customer.Quantities.Keys.Sum(service => _serviceCosts.GetValueOrDefault((customer.Customer, service)));

    private CustomerProfitability Profitability(CustomerActivity customer, decimal residual) =>
        new()
        {
            Customer = customer.Customer,
            Revenue = customer.Revenue,
            Services =
            [
                .. customer.Quantities
                    .Where(used => used.Value != 0)
                    .OrderBy(used => used.Key, StringComparer.Ordinal)
                    .Select(used => new CustomerServiceCost(used.Key, used.Value, CostOf(customer, used.Key))),
            ],
            DirectCost = _directCosts.GetValueOrDefault(customer.Customer),
            Residual = residual,
        };

    private decimal? CostOf(CustomerActivity customer, string service) =>
        _serviceCosts.TryGetValue((customer.Customer, service), out var cost) ? cost : null;
}
