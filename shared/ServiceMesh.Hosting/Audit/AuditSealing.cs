using Microsoft.Extensions.Logging;
using ServiceMesh.Data;

namespace ServiceMesh.Hosting.Audit;

/// <summary>Seals what the audit trail has taken in since, soon after its commit.</summary>
internal sealed class AuditSealing(Database database, TimeProvider time, ILogger<AuditSealing> logger)
    : Worker(database, time, logger)
{
    private const int EntriesAtMost = 1000;

    protected override TimeSpan LookAgainAfter => TimeSpan.FromSeconds(1);

    protected override async Task<bool> Step(Transaction transaction) =>
        await transaction.Scalar<int>("select audit.seal(@EntriesAtMost)", new { EntriesAtMost }) == EntriesAtMost;
}
