using InternalServices.Api.Organisation;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>What departments pay for services that are charged by price.</summary>
public static class RateCardEndpoints
{
    public static void MapRateCards(this IEndpointRouteBuilder routes)
    {
        var cards = routes.MapGroup("/internal/v1/services/{code}/rate-cards")
            .WithTags(OrganisationEndpoints.Tag)
            .Allow(Callers.Provider | Callers.Department);
        cards.MapPost("", AddRateCard.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "addRateCard",
                "Add a rate card",
                """
                The next version of a service's prices, for whole months; a version without an end is ended where the
                next begins, and versions never overlap. `volume` prices all of a department's month by the tier that
                contains it, `graduated` each tier's part by itself; a bound belongs to its tier. Actual cost less all
                charges is shared like the cost (`trueUp`), or is a line of the service's owner, as a balance
                (`carryForward`) or borne (`absorb`). Prices count once the service's pricing is `rateCard`.
                """)
            .Answers<PriceList>(StatusCodes.Status201Created)
            .Refuses(404, "service-not-found", "There is no service with this code.")
            .Refuses(409, "rate-card-overlap", "Another version prices some of these months.")
            .Refuses(409, "period-not-open", "One of the months is closing or closed.")
            .Refuses(422, "invalid-fields", "Bounds do not ascend, or a price is not of the documented form.");
        cards.MapGet("", ListRateCards.Handle)
            .Describe("listRateCards", "List rate cards", "The versions of a service's prices, the latest first.")
            .Answers<Page<PriceList>>();
        cards.MapGet("/{version:long}", GetRateCard.Handle)
            .Describe("getRateCard", "Read a rate card", "One version with its tiers.")
            .Answers<PriceList>();
    }
}
