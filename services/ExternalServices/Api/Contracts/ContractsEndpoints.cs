using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

/// <summary>Price plans and the contracts that customers sign on them.</summary>
public static class ContractsEndpoints
{
    public const string Tag = "Contracts";

    public static void MapContracts(this IEndpointRouteBuilder routes)
    {
        MapPlans(routes.MapGroup("/external/v1/plans").WithTags(Tag).Allow(Callers.Provider | Callers.Customer));
        routes.MapAmendments();
        MapContractsOfCustomers(
            routes.MapGroup("/external/v1/contracts").WithTags(Tag).Allow(Callers.Provider | Callers.Customer));
    }

    private static void MapPlans(RouteGroupBuilder plans)
    {
        plans.MapPost("", CreatePlan.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "createPlan",
                "Create a plan",
                "Adds a price plan in one currency; its prices come with its versions.")
            .Answers<Plan>(StatusCodes.Status201Created)
            .Refuses(409, "plan-exists", "The code is taken.")
            .Refuses(422, "invalid-fields", "A code or text is not of the documented form.");
        plans.MapGet("", ListPlans.Handle)
            .Describe("listPlans", "List plans", "By code. A customer sees the plans of its own contracts.")
            .Answers<Page<Plan>>();
        plans.MapGet("/{code}", GetPlan.Handle)
            .Describe("getPlan", "Read a plan", "With the latest published version.")
            .Answers<Plan>();
        plans.MapPost("/{code}/versions", DraftPlanVersion.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "draftPlanVersion",
                "Draft a plan version",
                "Adds a version with its charges. Tiers are (lower, upper], nothing is rounded before the line's "
                    + "amount; usage of a service is priced by one charge.")
            .Answers<PlanVersion>(StatusCodes.Status201Created)
            .Refuses(422, "invalid-fields", "A charge is not usable; `errors` names each reason.")
            .Refuses(422, "service-not-found", "A charge names a service that is not offered to customers.");
        plans.MapGet("/{code}/versions/{version:int}", GetPlanVersion.Handle)
            .Describe(
                "getPlanVersion",
                "Read a plan version",
                "A customer sees the versions that its own contracts are on.")
            .Answers<PlanVersion>();
        plans.MapPut("/{code}/versions/{version:int}", EditPlanVersion.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "editPlanVersion",
                "Edit a draft plan version",
                "Replaces the charges of a version that is not published.")
            .RequireIfMatch()
            .Answers<PlanVersion>()
            .Refuses(409, "plan-version-published", "The version is published and never changes.")
            .Refuses(422, "invalid-fields", "A charge is not usable; `errors` names each reason.")
            .Refuses(422, "service-not-found", "A charge names a service that is not offered to customers.");
        plans.MapPost("/{code}/versions/{version:int}/publish", PublishPlanVersion.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "publishPlanVersion",
                "Publish a plan version",
                "From now on it can be signed and never changes. Publishing it again changes nothing.")
            .Answers<PlanVersion>();
    }

    private static void MapContractsOfCustomers(RouteGroupBuilder contracts)
    {
        contracts.MapPost("", SignContract.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "signContract",
                "Sign a contract",
                "A customer signs a published plan version from a day on; publishes `external.contract-signed`. "
                    + "Billing periods are counted from the anchor, in the customer's zone.")
            .Answers<Contract>(StatusCodes.Status201Created)
            .Refuses(409, "contract-exists", "The code is taken.")
            .Refuses(409, "service-contracted", "Another contract prices one of the services at the same time.")
            .Refuses(422, "invalid-fields", "A member is not of the documented form; `errors` names each.")
            .Refuses(422, "customer-not-found", "There is no customer with this code.")
            .Refuses(422, "plan-not-found", "There is no plan with this code.")
            .Refuses(422, "plan-version-not-published", "The plan has no such published version.")
            .Refuses(422, "currency-mismatch", "The plan is in another currency than the customer's.")
            .Refuses(422, "billing-period-differs", "A phase's plan has longer or shorter billing periods.")
            .Refuses(422, "service-not-found", "A commitment names a service that is not offered to customers.");
        contracts.MapGet("", ListContracts.Handle)
            .Describe(
                "listContracts", "List contracts", "By code; `customer` narrows to one. A customer sees its own.")
            .Answers<Page<Contract>>();
        contracts.MapGet("/{code}", GetContract.Handle)
            .Describe("getContract", "Read a contract", "A customer sees its own; any other answers 404.")
            .Answers<Contract>();
        contracts.MapGet("/{code}/changes", ListContractChanges.Handle)
            .Describe(
                "listContractChanges",
                "List what was signed on a contract",
                "In the order of signing. Of those whose day has come, the last one holds. A customer sees its own.")
            .Answers<Page<ContractChange>>();
    }
}
