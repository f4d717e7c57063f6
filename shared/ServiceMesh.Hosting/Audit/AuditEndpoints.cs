using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ServiceMesh.Hosting.Audit;

/// <summary>The audit trail of a service.</summary>
public static class AuditEndpoints
{
    public const string Tag = "Audit";
    public const string TagDescription = "Who changed what, when and why, and whether the trail is as it was written.";

    /// <param name="app">The service; its migrations say which tables are watched.</param>
    /// <param name="side">The first part of its paths: <c>internal</c> or <c>external</c>.</param>
    public static void MapAudit(this WebApplication app, string side)
    {
        var audit = app.MapGroup($"/{side}/v1/audit").WithTags(Tag).Allow(Callers.Provider);
        audit.MapGet("", ListAudit.Handle)
            .Describe(
                "listAudit",
                "List the audit trail",
                """
                Every change of a table is an entry, written in the transaction of the change, with the rows before and
                after it; the latest first. `actor`, `operation`, `resource` and `key` narrow the list, for example
                `resource=organisation.departments&key=SALES`. A bulk write is one entry, not one for each item.
                """)
            .Answers<Page<ListAudit.Entry>>();
        audit.MapGet("/verification", VerifyAudit.Handle)
            .Describe(
                "verifyAudit",
                "Verify the audit trail",
                """
                Entries are sealed in blocks soon after they are written; each seal holds the SHA-256 of its entries and
                of the seal before it. This reckons all of them again and names entries that were altered, are missing
                or were inserted past the service, and seals that were touched.
                """)
            .Answers<VerifyAudit.Verification>();
    }
}
