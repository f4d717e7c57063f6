using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Catalogue;

/// <summary>The copy of the service catalogue.</summary>
public static class CatalogueEndpoints
{
    public const string Tag = "Catalogue";

    public static void MapCatalogue(this IEndpointRouteBuilder routes)
    {
        var services = routes.MapGroup("/external/v1/services").WithTags(Tag)
            .Allow(Callers.Provider | Callers.Customer);
        services.MapGet("", ListServices.Handle)
            .Describe(
                "listServices",
                "List services",
                "By code. The catalogue is kept by the internal side; its changes arrive here within moments. A "
                    + "customer sees the services that are offered to customers.")
            .Answers<Page<Service>>();
        services.MapGet("/{code}", GetService.Handle)
            .Describe("getService", "Read a service", "One service of the catalogue.")
            .Answers<Service>();
    }
}
