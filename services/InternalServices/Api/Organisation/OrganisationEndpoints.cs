using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Organisation;

/// <summary>Departments and the service catalogue.</summary>
public static class OrganisationEndpoints
{
    public const string Tag = "Organisation";

    public static void MapOrganisation(this IEndpointRouteBuilder routes)
    {
        MapDepartments(routes.MapGroup("/internal/v1/departments").WithTags(Tag));
        MapServices(routes.MapGroup("/internal/v1/services").WithTags(Tag));
    }

    private static void MapDepartments(RouteGroupBuilder departments)
    {
        departments.Allow(Callers.Provider | Callers.Department);
        departments.MapPost("", RegisterDepartment.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "registerDepartment",
                "Register a department",
                "Adds an internal department. `EXTERNAL-BUSINESS` and `UNALLOCATED` exist from the start.")
            .Answers<Department>(StatusCodes.Status201Created)
            .Refuses(409, "department-exists", "The code is taken.")
            .Refuses(422, "invalid-fields", "A code or text is not of the documented form.")
            .Refuses(422, "department-not-found", "There is no department with the code given as parent.")
            .Refuses(422, "parent-not-internal", "The parent is one of the two special departments.")
            .Refuses(422, "parent-circle", "The department is named as its own parent.");
        departments.MapGet("", ListDepartments.Handle)
            .Describe(
                "listDepartments",
                "List departments",
                "By code. The provider sees every department, the two special ones included; a department sees itself.")
            .Answers<Page<Department>>();
        departments.MapGet("/{code}", GetDepartment.Handle)
            .Describe("getDepartment", "Read a department", "A department sees itself; any other answers 404.")
            .Answers<Department>();
        departments.MapPut("/{code}", EditDepartment.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "editDepartment",
                "Edit a department",
                "Replaces name, parent and activity of an internal department. What was recorded for it stays.")
            .RequireIfMatch()
            .Answers<Department>()
            .Refuses(409, "department-fixed", "It is one of the two special departments.")
            .Refuses(422, "invalid-fields", "The name is not of the documented form.")
            .Refuses(422, "department-not-found", "There is no department with the code given as parent.")
            .Refuses(422, "parent-not-internal", "The parent is one of the two special departments.")
            .Refuses(422, "parent-circle", "The parent is the department itself or a part of it.");
    }

    private static void MapServices(RouteGroupBuilder services)
    {
        services.Allow(Callers.Provider | Callers.Department);
        services.MapPost("", RegisterService.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "registerService",
                "Add a service to the catalogue",
                """
                The one catalogue of both sides: publishes `internal.service-catalog-changed`, from which the external
                side keeps its copy. Code and unit never change.
                """)
            .Answers<Service>(StatusCodes.Status201Created)
            .Refuses(409, "service-exists", "The code is taken.")
            .Refuses(422, "invalid-fields", "A code or text is not of the documented form.")
            .Refuses(422, "department-not-found", "There is no department with the owner's code.")
            .Refuses(422, "owner-not-internal", "The owner is one of the two special departments.");
        services.MapGet("", ListServices.Handle)
            .Describe("listServices", "List the catalogue", "By code, services that are not active included.")
            .Answers<Page<Service>>();
        services.MapGet("/{code}", GetService.Handle)
            .Describe("getService", "Read a service", "One service of the catalogue.")
            .Answers<Service>();
        services.MapPut("/{code}", EditService.Handle)
            .Allow(Callers.Provider)
            .Describe(
                "editService",
                "Edit a service",
                "Replaces everything but code and unit and publishes `internal.service-catalog-changed`.")
            .RequireIfMatch()
            .Answers<Service>()
            .Refuses(422, "invalid-fields", "The name is not of the documented form.")
            .Refuses(422, "department-not-found", "There is no department with the owner's code.")
            .Refuses(422, "owner-not-internal", "The owner is one of the two special departments.");
    }
}
