using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Parties;

/// <summary>Customers that are not taxed at home.</summary>
internal static class TaxExemptionEndpoints
{
    public static void MapTaxExemptions(this IEndpointRouteBuilder routes)
    {
        var exemptions = routes.MapGroup("/external/v1/customers/{code}/tax-exemptions")
            .WithTags(PartiesEndpoints.Tag).Allow(Callers.Provider | Callers.Customer);
        exemptions.MapPost("", AddTaxExemption.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "addTaxExemption",
                "Exempt a customer from tax",
                "Domestic supplies with a tax point on these days are invoiced in category `E`, with this reason. "
                    + "Supplies to other countries are taxed as they are without it.")
            .Answers<TaxExemptionEntry>(StatusCodes.Status201Created)
            .Refuses(409, "tax-exemption-overlaps", "Another exemption holds on some of the days.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.");
        exemptions.MapPost("/{id:guid}/end", EndTaxExemption.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "endTaxExemption",
                "End a tax exemption",
                "From a day on the customer is taxed again; invoices that exist stay as they are.")
            .Answers<TaxExemptionEntry>()
            .Refuses(422, "day-out-of-range", "The day is not after its start, or after its end.");
        exemptions.MapGet("", ListTaxExemptions.Handle)
            .Describe(
                "listTaxExemptions",
                "List tax exemptions",
                "In the order in which they were recorded. A customer sees its own; any other answers 404.")
            .Answers<Page<TaxExemptionEntry>>();
    }
}
