using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>What a run could not bill, and why.</summary>
public static class ListBillingRunFailures
{
    public static async Task<IResult> Handle(
        Guid id, Paging paging, Database database, CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(Tenant.Provider, transaction => Read(transaction, id, paging), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<Page<BillingRunFailure>>> Read(Transaction transaction, Guid id, Paging paging)
    {
        if (!await transaction.Scalar<bool>(Exists, new { Id = id })) return Refusal.NotFound("billing-run", $"{id}");
        var failures = await transaction.Query<BillingRunFailure>(Select, new { Id = id, paging.After, paging.Fetch });
        return paging.Page(failures, failure => failure.Contract);
    }

    private const string Exists = "select exists (select from billing.runs where id = @Id)";

    private const string Select = """
        select contract, code, detail
        from billing.run_failures
        where run = @Id and contract > @After
        order by contract
        limit @Fetch
        """;
}

/// <summary>A contract that a run could not bill.</summary>
public sealed record BillingRunFailure
{
    /// <summary>Code of the contract.</summary>
    public required string Contract { get; init; }

    /// <summary>Stable, for example <c>tax-rate-missing</c>.</summary>
    public required string Code { get; init; }

    public required string Detail { get; init; }
}
