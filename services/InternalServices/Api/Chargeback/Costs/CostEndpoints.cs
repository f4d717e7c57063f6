using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>Cost pools and what stands in them.</summary>
public static class CostEndpoints
{
    public const string Tag = "Costs";

    public static void MapCosts(this IEndpointRouteBuilder routes)
    {
        MapExchangeRates(routes.MapGroup("/internal/v1/exchange-rates").WithTags(Tag).Allow(Callers.Provider));
        var pools = routes.MapGroup("/internal/v1/cost-pools").WithTags(Tag).Allow(Callers.Provider);
        pools.MapPost("", RegisterCostPool.Handle)
            .Describe(
                "registerCostPool",
                "Register a cost pool",
                "A pool is a service's or a support pool. `UNMAPPED` exists from the start, for imported cost that no "
                    + "rule maps.")
            .Answers<CostPool>(StatusCodes.Status201Created)
            .Refuses(409, "pool-exists", "The code is taken.")
            .Refuses(
                422,
                "invalid-fields",
                "A code or text is not of the documented form, or kind and service do not fit.")
            .Refuses(422, "service-not-found", "There is no service with the code given.");
        pools.MapGet("", ListCostPools.Handle)
            .Describe("listCostPools", "List cost pools", "By code.")
            .Answers<Page<CostPool>>();
        pools.MapGet("/{code}", GetCostPool.Handle)
            .Describe("getCostPool", "Read a cost pool", "One pool; its costs are a list of their own, by month.")
            .Answers<CostPool>();
        pools.MapPut("/{code}", RenameCostPool.Handle)
            .Describe("renameCostPool", "Rename a cost pool", "Code, kind and service stay: posted runs refer to them.")
            .RequireIfMatch()
            .Answers<CostPool>()
            .Refuses(422, "invalid-fields", "The name is not of the documented form.");
        pools.MapPost("/{code}/entries/batch", RecordCostEntries.Handle)
            .Describe(
                "recordCostEntries",
                "Record costs",
                """
                Up to 10,000 costs of one pool, once per `reference`: the same content again is a `duplicate`, other
                content a `conflict`. Without department and customer the pool's driver shares the cost. Cost of a month
                that is closing or closed lands in the earliest open one and keeps its month of origin. Items are
                rejected one by one with `invalid-reference`, `invalid-month`, `unknown-currency`, `currency-mismatch`,
                `invalid-amount`, `two-assignees`, `department-not-found` or `invalid-customer`.
                """)
            .TakesBatchOf<RecordCostEntries.Item>();
        pools.MapGet("/{code}/entries", ListCostEntries.Handle)
            .Describe(
                "listCostEntries",
                "List costs of a month",
                "What stands in the pool in the books of one month, by reference.")
            .Answers<Page<CostEntry>>();
    }

    private static void MapExchangeRates(RouteGroupBuilder rates)
    {
        rates.MapPost("", RecordExchangeRate.Handle)
            .Describe(
                "recordCostExchangeRate",
                "Record an exchange rate",
                """
                What one unit of a currency is worth in that of the books, from this day to the next that is recorded.
                Costs in another currency are converted at the rate that holds on the last day of their month.
                """)
            .Answers<ExchangeRate>(StatusCodes.Status201Created)
            .Refuses(409, "exchange-rate-exists", "A rate of the currency is recorded for the day already.")
            .Refuses(422, "invalid-fields", "The rate is out of range, or the currency is that of the books.");
        rates.MapGet("", ListExchangeRates.Handle)
            .Describe(
                "listCostExchangeRates",
                "List exchange rates",
                "By currency and day; of one currency when given.")
            .Answers<Page<ExchangeRate>>();
    }
}
