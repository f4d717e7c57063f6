using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Profitability;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Profitability;

/// <summary>What a month came to.</summary>
/// <param name="Result">Every customer's revenue, cost and margin.</param>
/// <param name="Revenues">Where the revenue comes from, by customer.</param>
/// <param name="Recognitions">What contracts tell of it, by charge and billing period.</param>
/// <param name="Adjustments">What documents change of it, by invoice line.</param>
internal sealed record ReckonedMonth(
    MonthProfitability Result,
    IReadOnlyDictionary<string, CustomerRevenue> Revenues,
    IReadOnlyList<Recognition> Recognitions,
    IReadOnlyList<Adjustment> Adjustments);

/// <summary>A customer's revenue in its contracts' currency, and the rate that makes it the books'.</summary>
internal sealed record CustomerRevenue(Currency Currency, decimal Amount, decimal Rate, decimal InBooks);

/// <summary>Brings a posted allocation run together with the month's revenue and usage.</summary>
internal sealed class MonthReckoning(PlanTerms plans, ProviderOptions provider)
{
    /// <returns>The month, or why it cannot be reckoned yet.</returns>
    public async Task<Outcome<ReckonedMonth>> Reckon(Transaction transaction, Period month, UnitCostsPublished costs)
    {
        if (await transaction.SingleOrDefault<Frozen>(SelectFrozen, new { Month = month }) is not { } frozen)
        {
            return Refusal.Rejected("usage-not-finalized", $"The usage of {month} is not final.");
        }

        var recognised = await new MonthRevenue(plans, month, provider.TimeZone, frozen.Batch).Reckon(transaction);
        if (recognised.Refusal is { } unrecognised) return unrecognised;
        var adjustments = await MonthAdjustments.Reckon(transaction, month, frozen.FrozenAt);
        var currency = Currency.Of(costs.Currency);
        var revenues = await Revenues(
            transaction,
            month,
            [
                .. recognised.Value.Select(revenue => (revenue.Customer, revenue.Currency, revenue.Amount)),
                .. adjustments.Select(adjusted => (adjusted.Customer, adjusted.Currency, adjusted.Amount)),
            ],
            currency);
        if (revenues.Refusal is { } unconverted) return unconverted;

        var activities = await Activities(transaction, month, revenues.Value);
        return MonthProfitability.Of(Costs(costs, currency, activities))
            .Then<ReckonedMonth>(
                result => new ReckonedMonth(result, revenues.Value, recognised.Value, adjustments));
    }

    private static ExternalCosts Costs(
        UnitCostsPublished costs, Currency currency, IReadOnlyList<CustomerActivity> customers) => new()
        {
            Currency = currency,
            Services = [.. costs.Services.Select(service => new ExternalServiceCost(service.Service, service.Cost))],
            DirectCosts = [.. costs.DirectCosts.Select(direct => new DirectCost(direct.Customer, direct.Cost))],
            OverheadResidual = costs.OverheadResidual,
            Customers = customers,
        };

    private static async Task<Outcome<IReadOnlyDictionary<string, CustomerRevenue>>> Revenues(
        Transaction transaction,
        Period month,
        List<(string Customer, Currency Currency, decimal Amount)> parts,
        Currency books)
    {
        var foreign = parts.Select(part => part.Currency).Where(currency => currency != books).Distinct();
        var rates = (await transaction.Query<Rate>(
                SelectRates, new { Currencies = foreign.ToArray(), LastDay = month.NextFirstDay.AddDays(-1) }))
            .ToDictionary(rate => rate.Currency, rate => rate.Value);
        rates[books] = 1;

        var revenues = new Dictionary<string, CustomerRevenue>(StringComparer.Ordinal);
        foreach (var customer in parts.GroupBy(part => (part.Customer, part.Currency)))
        {
            var (code, currency) = customer.Key;
            if (!rates.TryGetValue(currency, out var rate))
            {
                return Refusal.Rejected(
                    "exchange-rate-missing", $"No rate of {currency} to {books} is recorded for {month} or before.");
            }

            var amount = customer.Sum(part => part.Amount);
            var inBooks = (Rational.From(amount) * Rational.From(rate)).Round(books.Exponent);
            revenues[code] = new CustomerRevenue(currency, amount, rate, inBooks);
        }

        return revenues;
    }

    /// <summary>Who used or paid in the month; every customer when nobody did, so that a cost finds somebody.</summary>
    private static async Task<IReadOnlyList<CustomerActivity>> Activities(
        Transaction transaction, Period month, IReadOnlyDictionary<string, CustomerRevenue> revenues)
    {
        var quantities = (await transaction.Query<Used>(SelectQuantities, new { Month = month }))
            .ToLookup(used => used.Customer, StringComparer.Ordinal);
        var customers = revenues.Keys.Union(quantities.Select(used => used.Key)).ToList();
        if (customers.Count == 0) customers.AddRange(await transaction.Query<string>(SelectCustomers));
        return
        [
            .. customers.Select(customer => new CustomerActivity(
                customer,
                revenues.TryGetValue(customer, out var revenue) ? revenue.InBooks : 0,
                quantities[customer].ToDictionary(used => used.Service, used => used.Quantity))),
        ];
    }

    private sealed record Frozen
    {
        /// <summary>Usage up to it is the month's.</summary>
        public required long Batch { get; init; }

        public required DateTimeOffset FrozenAt { get; init; }
    }

    private sealed record Rate
    {
        public required Currency Currency { get; init; }

        public required decimal Value { get; init; }
    }

    private sealed record Used
    {
        public required string Customer { get; init; }

        public required string Service { get; init; }

        public required decimal Quantity { get; init; }
    }

    private const string SelectFrozen = "select batch, frozen_at from usage.frozen_months where month = @Month";

    private const string SelectRates = """
        select distinct on (currency) currency, trim_scale(rate) as value
        from parties.exchange_rates
        where currency = any(@Currencies) and day <= @LastDay
        order by currency, day desc
        """;

    private const string SelectQuantities = """
        select customer, service, trim_scale(quantity) as quantity
        from usage.frozen_quantities
        where month = @Month
        """;

    private const string SelectCustomers = "select code from parties.customers";
}
