using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Adds a plan; its prices come with its versions.</summary>
public static class CreatePlan
{
    public sealed record Request
    {
        /// <summary>Names the plan for ever, for example <c>BUSINESS</c>.</summary>
        public required string Code { get; init; }

        public required string Name { get; init; }

        /// <summary>All prices of the plan are in this currency; it never changes.</summary>
        public required Currency Currency { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Create(transaction, body),
            plan => Answer.Created($"/external/v1/plans/{plan.Code}", plan),
            cancellationToken);

    private static async Task<Outcome<Plan>> Create(Transaction transaction, Request body)
    {
        if (new Fields().Code("/code", body.Code).Text("/name", body.Name).Refusal is { } refusal) return refusal;
        return await transaction.SingleOrDefault<Plan>(
            Insert, new { body.Code, body.Name, body.Currency, transaction.Now }) is { } plan
                ? plan
                : Refusal.Conflict("plan-exists", $"There is a plan '{body.Code}' already.");
    }

    private const string Insert = """
        insert into contracts.plans (code, name, currency, created_at)
        values (@Code, @Name, @Currency, @Now)
        on conflict (code) do nothing
        returning code, name, currency, null::int as published_version, created_at
        """;
}
