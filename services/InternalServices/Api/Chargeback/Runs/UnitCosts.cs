using InternalServices.Api.Chargeback.Periods;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Tells the external side what its customers cost in a posted run.</summary>
internal static class UnitCosts
{
    /// <summary>The event of the run, as the month's next version: also when it is told again.</summary>
    public static async Task<UnitCostsPublished> Of(Transaction transaction, Guid run)
    {
        var head = await transaction.Single<Head>(SelectHead, new { Run = run });
        var currency = head.Currency;
        return new UnitCostsPublished
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = $"{head.Month}",
            AggregateVersion = await PeriodRows.NextVersion(transaction, head.Month),
            Period = $"{head.Month}",
            RunId = run,
            Month = $"{head.Month}",
            Currency = currency.Code,
            Method = head.Method,
            InputHash = head.InputHash,
            Services =
            [
                .. (await transaction.Query<ServiceCost>(SelectServices, new { Run = run }))
                    .Select(service => service with { Cost = currency.Round(service.Cost) }),
            ],
            DirectCosts =
            [
                .. (await transaction.Query<CustomerCost>(SelectCustomers, new { Run = run }))
                    .Select(customer => customer with { Cost = currency.Round(customer.Cost) }),
            ],
            OverheadResidual = currency.Round(head.OverheadResidual),
        };
    }

    private sealed record Head
    {
        public required Period Month { get; init; }

        public required Currency Currency { get; init; }

        public required string Method { get; init; }

        public required string InputHash { get; init; }

        public required decimal OverheadResidual { get; init; }
    }

    private const string SelectHead = """
        select month, currency, method, input_hash, overhead_residual
        from chargeback.runs
        where id = @Run
        """;

    private const string SelectServices = """
        select service_code as service, cost, trim_scale(quantity) as quantity,
            trim_scale(unit_cost) as unit_cost, trim_scale(unused_capacity) as unused_capacity
        from chargeback.run_service_costs
        where run_id = @Run
        order by service_code
        """;

    private const string SelectCustomers = """
        select customer_code as customer, cost
        from chargeback.run_customer_costs
        where run_id = @Run
        order by customer_code
        """;
}
