using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Adds a version to a plan, to be published later.</summary>
public static class DraftPlanVersion
{
    internal const int MaxMonthsPerPeriod = 60;

    public sealed record Request
    {
        /// <summary>Length of a billing period: 1, 3 for quarters, 12 for years; at most 60.</summary>
        public int MonthsPerPeriod { get; init; } = 1;

        /// <summary>In the order in which they are invoiced; at most 100.</summary>
        public required IReadOnlyList<ChargeRequest> Charges { get; init; }

        /// <summary>What is billed at least; at most 20.</summary>
        public IReadOnlyList<Commitment> Commitments { get; init; } = [];
    }

    public static Task<IResult> Handle(string code, Request body, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Draft(transaction, code, body),
            version => Answer.Created($"/external/v1/plans/{code}/versions/{version.Version}", version) with
            {
                Version = version.Revision,
            },
            cancellationToken);

    internal static Refusal? Check(Request body)
    {
        var fields = new Fields().Range("/monthsPerPeriod", body.MonthsPerPeriod, 1, MaxMonthsPerPeriod);
        PlanCharges.Check(fields, body.Charges);
        PlanCommitments.Check(fields, body.Commitments, [.. body.Charges.Select(charge => charge.Code)]);
        return fields.Refusal;
    }

    private static async Task<Outcome<PlanVersion>> Draft(Transaction transaction, string plan, Request body)
    {
        if (Check(body) is { } refusal) return refusal;
        if (await transaction.SingleOrDefault<string>(LockPlan, new { Plan = plan }) is null)
        {
            return Refusal.NotFound("plan", plan);
        }

        var version = await transaction.Single<int>(Insert, new { Plan = plan, body.MonthsPerPeriod, transaction.Now });
        return await PlanCharges.Insert(transaction, plan, version, body) is { } unsound
            ? unsound
            : (await PlanVersion.Read(transaction, plan, version))!;
    }

    private const string LockPlan = "select code from contracts.plans where code = @Plan for update";

    private const string Insert = """
        insert into contracts.plan_versions (plan, version, months_per_period, state, created_at)
        select @Plan, coalesce(max(version), 0) + 1, @MonthsPerPeriod, 'draft', @Now
        from contracts.plan_versions
        where plan = @Plan
        returning version
        """;
}
