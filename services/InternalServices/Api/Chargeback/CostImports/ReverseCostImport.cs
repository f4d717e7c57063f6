using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>
/// Takes back what still stands of an import, by entries that cancel it; the same file can then come again.
/// </summary>
public static class ReverseCostImport
{
    public static Task<IResult> Handle(Guid id, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reverse(transaction, id, caller.Subject),
            import => Answer.Ok(import),
            cancellationToken);

    private static async Task<Outcome<CostImport>> Reverse(Transaction transaction, Guid id, string subject)
    {
        await transaction.Execute(ImportCosts.LockImports);
        if (await GetCostImport.Load(transaction, id) is not { } import)
        {
            return Refusal.NotFound("cost-import", $"{id}");
        }

        if (import.State != CostImportState.Standing)
        {
            return Refusal.Conflict(
                "import-not-standing",
                "Only an import of which something stands can be reversed.",
                import.State.Spelled());
        }

        var months = await OpenMonths.Hold(transaction);
        await StandingScopes.Cancel(transaction, months, await StandingScopes.Of(transaction, id), subject);
        await transaction.Execute(Update, new { Id = id, transaction.Now, Subject = subject });
        return (await GetCostImport.Load(transaction, id))!;
    }

    private const string Update = """
        update chargeback.cost_imports set reversed_at = @Now, reversed_by = @Subject where id = @Id
        """;
}
