using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>What each customer brought in and cost in a month.</summary>
public static class ListCustomerProfitability
{
    public static async Task<IResult> Handle(
        Period month, Paging paging, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(Tenant.Provider, transaction => Read(transaction, month, paging), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<Page<CustomerMonth>>> Read(Transaction transaction, Period month, Paging paging)
    {
        if (await transaction.SingleOrDefault<Currency?>(SelectCurrency, new { Month = month }) is not { } currency)
        {
            return Refusal.NotFound("profitability", $"{month}");
        }

        var rows = await transaction.Query<Row>(Select, new { Month = month, paging.After, paging.Fetch });
        var services = (await transaction.Query<ServiceRow>(
                SelectServices, new { Month = month, Customers = rows.Select(row => row.Customer).ToArray() }))
            .ToLookup(service => service.Customer, StringComparer.Ordinal);
        return paging.Page(
            [.. rows.Select(row => row.ToMonth(currency, services[row.Customer]))], customer => customer.Customer);
    }

    private sealed record Row
    {
        public required string Customer { get; init; }

        public required decimal Revenue { get; init; }

        public required Currency ContractCurrency { get; init; }

        public required decimal ContractRevenue { get; init; }

        public required decimal ExchangeRate { get; init; }

        public required decimal ServiceCost { get; init; }

        public required decimal DirectCost { get; init; }

        public required decimal Residual { get; init; }

        public required decimal Cost { get; init; }

        public required decimal? Margin { get; init; }

        public required decimal? MarginPercent { get; init; }

        public CustomerMonth ToMonth(Currency currency, IEnumerable<ServiceRow> services) => new()
        {
            Customer = Customer,
            Revenue = new Money(Revenue, currency),
            ContractRevenue = new Money(ContractRevenue, ContractCurrency),
            ExchangeRate = ExchangeRate,
            ServiceCost = new Money(ServiceCost, currency),
            DirectCost = new Money(DirectCost, currency),
            Residual = new Money(Residual, currency),
            Cost = new Money(Cost, currency),
            Margin = Margin is { } margin ? new Money(margin, currency) : null,
            MarginPercent = MarginPercent,
            Services = [.. services.Select(service => service.ToShare(currency))],
        };
    }

    private sealed record ServiceRow
    {
        public required string Customer { get; init; }

        public required string Service { get; init; }

        public required decimal Quantity { get; init; }

        public required decimal? Cost { get; init; }

        public ServiceShare ToShare(Currency currency) => new()
        {
            Service = Service,
            Quantity = Quantity,
            Cost = Cost is { } cost ? new Money(cost, currency) : null,
        };
    }

    private const string SelectCurrency = "select currency from profitability.months where month = @Month";

    private const string Select = """
        select customer, revenue, contract_currency, contract_revenue, trim_scale(exchange_rate) as exchange_rate,
            service_cost, direct_cost, residual, cost, margin, margin_percent
        from profitability.customers
        where month = @Month and customer > @After
        order by customer
        limit @Fetch
        """;

    private const string SelectServices = """
        select customer, service, trim_scale(quantity) as quantity, cost
        from profitability.customer_services
        where month = @Month and customer = any(@Customers)
        order by customer, service
        """;
}

/// <summary>One customer's month.</summary>
public sealed record CustomerMonth
{
    public required string Customer { get; init; }

    /// <summary>Recognised in the month, in the currency of the books.</summary>
    public required Money Revenue { get; init; }

    /// <summary>The same in the currency of its contracts.</summary>
    public required Money ContractRevenue { get; init; }

    /// <summary>Units of the books' currency for one of the contracts'.</summary>
    public required decimal ExchangeRate { get; init; }

    /// <summary>Its share of the services' cost, by quantity.</summary>
    public required Money ServiceCost { get; init; }

    /// <summary>Cost that was assigned to it alone.</summary>
    public required Money DirectCost { get; init; }

    /// <summary>Its share of overhead and of services that nobody used.</summary>
    public required Money Residual { get; init; }

    /// <summary>Services, direct and residual.</summary>
    public required Money Cost { get; init; }

    /// <summary>Revenue less cost; null while the cost of a used service is unknown.</summary>
    public required Money? Margin { get; init; }

    /// <summary>Of the revenue; null when there is none.</summary>
    public required decimal? MarginPercent { get; init; }

    /// <summary>What it used, by service.</summary>
    public required IReadOnlyList<ServiceShare> Services { get; init; }
}

/// <summary>What a customer used of one service.</summary>
public sealed record ServiceShare
{
    public required string Service { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>Null: the allocation run tells no cost of the service, which is not 0.</summary>
    public required Money? Cost { get; init; }
}
