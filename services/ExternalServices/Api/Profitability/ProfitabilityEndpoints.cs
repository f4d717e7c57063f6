using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Profitability;

/// <summary>The close of a cost month on this side, and what it came to.</summary>
public static class ProfitabilityEndpoints
{
    public const string Tag = "Profitability";

    public static void MapProfitability(this IEndpointRouteBuilder routes)
    {
        var side = routes.MapGroup("/external/v1").WithTags(Tag).Allow(Callers.Provider);
        side.MapGet("/cost-months/{month}", GetCostMonth.Handle)
            .Describe(
                "getCostMonth",
                "Read a cost month",
                """
                How far the close of the month is on this side: `open`, `frozen` when its usage is final, `calculated`
                when every customer's margin is reckoned, `closed` when both sides agree, `reopened` while the internal
                side takes costs of the closed month again. Its usage stays final then, and what was reckoned stands
                until the month is closed again by another run. A month that cannot be reckoned says why in `blockedBy`;
                once that is settled, closing the month again on the internal side carries on.
                """)
            .Answers<CostMonth>();
        side.MapGet("/profitability/customers", ListCustomerProfitability.Handle)
            .Describe(
                "listCustomerProfitability",
                "List the customers' margins of a month",
                """
                By customer. Revenue is what the month recognised: fees by day, usage as it happened, billed or not;
                true-ups once they are issued, and less what credit notes took back, unless that is due again.
                Each service's external cost is split by the customers' quantities (largest remainder), direct costs
                stand as assigned, the residual is split by revenue; the customers' costs sum to the external share of
                the allocation run, to the cent. A service without a known cost is uncosted (null), never 0.
                """)
            .Answers<Page<CustomerMonth>>();
        side.MapGet("/profitability/reconciliation", ReconcileProfitability.Handle)
            .Describe(
                "reconcileProfitability",
                "Reconcile a month",
                "Cost to serve against the external share of the allocation run, and recognised revenue against "
                    + "invoices. Every difference is 0.00, or says what is wrong.")
            .Answers<ProfitabilityReconciliation>();
    }
}
