using ServiceMesh.Data;

namespace ExternalServices.Api.Integrity;

/// <summary>Seals issued documents soon after they were issued: nobody who issues one waits for it.</summary>
internal sealed class SealWorker(Database database, TimeProvider time, ILogger<SealWorker> logger)
    : Worker(database, time, logger)
{
    protected override Task<bool> Step(Transaction transaction) => Sealing.Next(transaction);
}
