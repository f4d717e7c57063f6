using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Billing;

/// <summary>What will be billed, what would have been, and what tax it was.</summary>
public static class ForecastEndpoints
{
    public static void MapForecasts(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/external/v1/contracts/{code}/next-invoice", PreviewNextInvoice.Handle)
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider | Callers.Customer)
            .Describe(
                "previewNextInvoice",
                "Preview the next invoice",
                """
                What a billing run of the month will bill to the contract once the month is over, by all that is known
                now: when nothing more happens, its lines, taxes and totals are these. `month` is the current one when
                it is left out; an earlier one shows what is not billed yet. What a run could not bill is refused with
                the run's reason. A customer sees its own contracts; any other answers 404.
                """)
            .Answers<NextInvoice>()
            .Refuses(422, "month-in-the-future", "The month has not begun.")
            .Refuses(422, "tax-rate-missing", "It cannot be billed; so answer all reasons of a run's failures.");
        routes.MapGet("/external/v1/plans/{code}/versions/{version:int}/back-test", BackTestPlanVersion.Handle)
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider)
            .Describe(
                "backTestPlanVersion",
                "Back-test a plan version",
                """
                Rates the last months that are over, 3 unless `months` says 1 to 24, as if this version, published or
                draft, had been signed wherever any version of the plan was; by customer, beside what was agreed.
                Usage, changes, discounts and commitments are as they were. It changes nothing.
                """)
            .Answers<Page<BackTestedCustomer>>();
        routes.MapGet("/external/v1/tax-report", GetTaxReport.Handle)
            .WithTags(BillingEndpoints.Tag)
            .Allow(Callers.Provider)
            .Describe(
                "getTaxReport",
                "Report a month's tax",
                """
                What a legal entity has invoiced and credited with a tax point in the month, by tax category and rate:
                in the currency of its books, each document at the recorded rate of its tax point, and in the
                documents' own currencies. A credit note belongs to the month in which it was issued.
                """)
            .Answers<TaxReport>()
            .Refuses(422, "exchange-rate-missing", "A document's currency has no rate on its tax point.");
    }
}
