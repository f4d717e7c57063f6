using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

public static class RegisterCostPool
{
    public sealed record Request
    {
        /// <summary>Names the pool for ever, for example <c>STORAGE</c>.</summary>
        public required string Code { get; init; }

        public required string Name { get; init; }

        public required PoolKind Kind { get; init; }

        /// <summary>Code of the service whose cost this is; for a service's pool and no other.</summary>
        public string? Service { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Register(transaction, body),
            pool => Answer.Created($"/internal/v1/cost-pools/{pool.Code}", pool) with { Version = pool.Version },
            cancellationToken);

    private static async Task<Outcome<CostPool>> Register(Transaction transaction, Request body)
    {
        var fields = new Fields()
            .Code("/code", body.Code)
            .Text("/name", body.Name)
            .Check(
                "/service",
                (body.Kind == PoolKind.Service) == (body.Service is not null),
                "service-mismatch",
                "A service's pool names its service, and a support pool names none.");
        if (fields.Refusal is { } refusal) return refusal;
        if (body.Service is not null && await transaction.Scalar<bool>(ServiceExists, new { body.Service }) is false)
        {
            return Refusal.Rejected("service-not-found", $"There is no service '{body.Service}'.", "/service");
        }

        return await transaction.SingleOrDefault<CostPool>(
            Insert, new { body.Code, body.Name, body.Kind, body.Service, transaction.Now }) is { } pool
                ? pool
                : Refusal.Conflict("pool-exists", $"There is a cost pool '{body.Code}' already.");
    }

    private const string ServiceExists = "select exists (select from organisation.services where code = @Service)";

    private const string Insert = """
        insert into chargeback.cost_pools (code, name, kind, service_code, version, created_at, changed_at)
        values (@Code, @Name, @Kind, @Service, 1, @Now, @Now)
        on conflict (code) do nothing
        returning code, name, kind, service_code as service, version, created_at, changed_at
        """;
}
