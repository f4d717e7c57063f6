using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Integrity;

/// <summary>Whether what is stored agrees with itself.</summary>
public static class IntegrityEndpoints
{
    public const string Tag = "Integrity";

    public static void MapIntegrity(this IEndpointRouteBuilder routes)
    {
        var integrity = routes.MapGroup("/external/v1/integrity").WithTags(Tag).Allow(Callers.Provider);
        integrity.MapGet("/checks", CheckIntegrity.Handle)
            .Describe(
                "checkIntegrity",
                "Check what is stored",
                """
                Compares documents, books, payments, revenue and usage with one another, of one legal entity or of all:
                how many rows were examined, how many offend, and the first hundred of these. A row that was changed by
                hand, whoever did it, is found; a document that was altered together with all seals after it is found
                by the hash that `listChains` gave before.
                """)
            .Answers<IntegrityReport>();
        integrity.MapGet("/chains", ListChains.Handle)
            .Describe(
                "listChains",
                "List the hash chains of documents",
                """
                Every issued invoice and credit note is sealed within seconds by a hash over its content and over the
                hash of the document numbered before it. Keep the last hash of a series somewhere else, and nobody can
                alter, exchange or remove an earlier document unnoticed.
                """)
            .Answers<Page<DocumentChain>>();
    }
}
