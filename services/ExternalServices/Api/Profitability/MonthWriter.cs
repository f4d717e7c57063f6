using ExternalServices.Domain.Profitability;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>Stores what a month came to, in place of what an earlier run of the month gave.</summary>
internal static class MonthWriter
{
    public static async Task Write(
        Transaction transaction, Period month, UnitCostsPublished costs, ReckonedMonth reckoned)
    {
        await transaction.Execute(Clear, new { Month = month });
        await transaction.Execute(UpsertMonth, Month(transaction, month, costs, reckoned.Result));
        await transaction.Execute(InsertServiceCosts, ServiceCosts(month, costs.Services));
        await transaction.Execute(InsertCustomers, Customers(month, reckoned, Currency.Of(costs.Currency)));
        await transaction.Execute(InsertCustomerServices, CustomerServices(month, reckoned.Result.Customers));
        await transaction.Execute(InsertRecognitions, Recognitions(month, reckoned.Recognitions));
        await transaction.Execute(InsertAdjustments, Adjustments(month, reckoned.Adjustments));
    }

    /// <summary>The month stays as it is, and says why.</summary>
    public static Task Block(Transaction transaction, Period month, Refusal refusal) => transaction.Execute(
        UpsertBlocked, new { Month = month, refusal.Code, refusal.Detail, transaction.Now });

    private static object Month(
        Transaction transaction, Period month, UnitCostsPublished costs, MonthProfitability result) => new
        {
            Month = month,
            costs.RunId,
            costs.Currency,
            costs.Method,
            costs.InputHash,
            costs.OverheadResidual,
            result.ResidualKey,
            result.Revenue,
            result.Cost,
            result.ExternalShare,
            transaction.Now,
        };

    private static object ServiceCosts(Period month, IReadOnlyList<ServiceCost> services) => new
    {
        Month = month,
        Services = services.Select(service => service.Service).ToArray(),
        Costs = services.Select(service => service.Cost).ToArray(),
        Quantities = services.Select(service => service.Quantity).ToArray(),
        UnitCosts = services.Select(service => service.UnitCost).ToArray(),
        Unused = services.Select(service => service.UnusedCapacity).ToArray(),
    };

    private static object Customers(Period month, ReckonedMonth reckoned, Currency books)
    {
        var customers = reckoned.Result.Customers;
        var nothing = new CustomerRevenue(books, 0, 1, 0);
        var revenues = customers
            .Select(customer => reckoned.Revenues.GetValueOrDefault(customer.Customer, nothing))
            .ToList();
        return new
        {
            Month = month,
            Customers = customers.Select(customer => customer.Customer).ToArray(),
            Revenues = customers.Select(customer => customer.Revenue).ToArray(),
            Currencies = revenues.Select(revenue => revenue.Currency).ToArray(),
            ContractRevenues = revenues.Select(revenue => revenue.Amount).ToArray(),
            Rates = revenues.Select(revenue => revenue.Rate).ToArray(),
            ServiceCosts = customers.Select(customer => customer.ServiceCost).ToArray(),
            DirectCosts = customers.Select(customer => customer.DirectCost).ToArray(),
            Residuals = customers.Select(customer => customer.Residual).ToArray(),
            Costs = customers.Select(customer => customer.Cost).ToArray(),
            Margins = customers.Select(customer => customer.Margin).ToArray(),
            Percents = customers.Select(customer => customer.MarginPercent).ToArray(),
        };
    }

    private static object CustomerServices(Period month, IReadOnlyList<CustomerProfitability> customers)
    {
        var used = customers
            .SelectMany(customer => customer.Services.Select(service => (customer.Customer, Service: service)))
            .ToList();
        return new
        {
            Month = month,
            Customers = used.Select(each => each.Customer).ToArray(),
            Services = used.Select(each => each.Service.Service).ToArray(),
            Quantities = used.Select(each => each.Service.Quantity).ToArray(),
            Costs = used.Select(each => each.Service.Cost).ToArray(),
        };
    }

    private static object Recognitions(Period month, IReadOnlyList<Recognition> recognitions) => new
    {
        Month = month,
        Contracts = recognitions.Select(revenue => revenue.Contract).ToArray(),
        Charges = recognitions.Select(revenue => revenue.Charge).ToArray(),
        Starts = recognitions.Select(revenue => revenue.PeriodFrom).ToArray(),
        Kinds = recognitions.Select(revenue => revenue.Kind).ToArray(),
        Causes = recognitions.Select(revenue => revenue.Cause).ToArray(),
        Customers = recognitions.Select(revenue => revenue.Customer).ToArray(),
        Currencies = recognitions.Select(revenue => revenue.Currency).ToArray(),
        Amounts = recognitions.Select(revenue => revenue.Amount).ToArray(),
        Earned = recognitions.Select(revenue => revenue.Earned).ToArray(),
    };

    private static object Adjustments(Period month, IReadOnlyList<Adjustment> adjustments) => new
    {
        Month = month,
        Invoices = adjustments.Select(adjusted => adjusted.Invoice).ToArray(),
        Lines = adjustments.Select(adjusted => adjusted.Line).ToArray(),
        Customers = adjustments.Select(adjusted => adjusted.Customer).ToArray(),
        Currencies = adjustments.Select(adjusted => adjusted.Currency).ToArray(),
        Amounts = adjustments.Select(adjusted => adjusted.Amount).ToArray(),
    };

    private const string Clear = """
        with costs as (delete from profitability.service_costs where month = @Month),
            adjustments as (delete from profitability.adjustments where month = @Month),
            customers as (delete from profitability.customers where month = @Month),
            blocked as (delete from profitability.blocked_months where month = @Month)
        delete from profitability.recognitions where month = @Month
        """;

    private const string UpsertMonth = """
        insert into profitability.months as reckoned (
            month, run, currency, method, input_hash, overhead_residual, residual_key, revenue, cost, external_share,
            calculated_at)
        values (
            @Month, @RunId, @Currency, @Method, @InputHash, @OverheadResidual, @ResidualKey, @Revenue, @Cost,
            @ExternalShare, @Now)
        on conflict (month) do update
        set run = excluded.run, currency = excluded.currency, method = excluded.method,
            input_hash = excluded.input_hash, overhead_residual = excluded.overhead_residual,
            residual_key = excluded.residual_key, revenue = excluded.revenue, cost = excluded.cost,
            external_share = excluded.external_share, calculated_at = excluded.calculated_at,
            closed_at = case when reckoned.run = excluded.run then reckoned.closed_at end
        """;

    private const string InsertServiceCosts = """
        insert into profitability.service_costs (month, service, cost, quantity, unit_cost, unused_capacity)
        select @Month, service, cost, quantity, unit_cost, unused
        from unnest(@Services, @Costs, @Quantities, @UnitCosts, @Unused)
            as service (service, cost, quantity, unit_cost, unused)
        """;

    private const string InsertCustomers = """
        insert into profitability.customers (
            month, customer, revenue, contract_currency, contract_revenue, exchange_rate, service_cost, direct_cost,
            residual, cost, margin, margin_percent)
        select @Month, customer, revenue, currency, contract_revenue, rate, service_cost, direct_cost, residual, cost,
            margin, percent
        from unnest(
            @Customers, @Revenues, @Currencies, @ContractRevenues, @Rates, @ServiceCosts, @DirectCosts, @Residuals,
            @Costs, @Margins, @Percents) as customer (
            customer, revenue, currency, contract_revenue, rate, service_cost, direct_cost, residual, cost, margin,
            percent)
        """;

    private const string InsertCustomerServices = """
        insert into profitability.customer_services (month, customer, service, quantity, cost)
        select @Month, customer, service, quantity, cost
        from unnest(@Customers, @Services, @Quantities, @Costs) as used (customer, service, quantity, cost)
        """;

    private const string InsertRecognitions = """
        insert into profitability.recognitions (
            month, contract, charge, period_from, kind, cause, customer, currency, amount, earned)
        select @Month, contract, charge, start, kind, cause, customer, currency, amount, earned
        from unnest(@Contracts, @Charges, @Starts, @Kinds, @Causes, @Customers, @Currencies, @Amounts, @Earned)
            as revenue (contract, charge, start, kind, cause, customer, currency, amount, earned)
        """;

    private const string InsertAdjustments = """
        insert into profitability.adjustments (month, invoice, line, customer, currency, amount)
        select @Month, invoice, line, customer, currency, amount
        from unnest(@Invoices, @Lines, @Customers, @Currencies, @Amounts)
            as adjusted (invoice, line, customer, currency, amount)
        """;

    private const string UpsertBlocked = """
        insert into profitability.blocked_months (month, code, detail, blocked_at)
        values (@Month, @Code, @Detail, @Now)
        on conflict (month) do update
        set code = excluded.code, detail = excluded.detail, blocked_at = excluded.blocked_at
        """;
}
