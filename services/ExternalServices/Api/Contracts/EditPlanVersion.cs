using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>Replaces what a draft version charges.</summary>
public static class EditPlanVersion
{
    public static async Task<IResult> Handle(
        string code,
        int version,
        DraftPlanVersion.Request body,
        IfMatch ifMatch,
        Database database,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Edit(transaction, code, version, body, ifMatch), cancellationToken),
            edited => Answer.Ok(edited) with { Version = edited.Revision });

    private static async Task<Outcome<PlanVersion>> Edit(
        Transaction transaction, string plan, int version, DraftPlanVersion.Request body, IfMatch ifMatch)
    {
        if (DraftPlanVersion.Check(body) is { } refusal) return refusal;
        var key = new { Plan = plan, Version = version, body.MonthsPerPeriod };
        if (await transaction.SingleOrDefault<Current>(SelectForUpdate, key) is not { } current)
        {
            return Refusal.NotFound("plan-version", $"{plan}/{version}");
        }

        if (ifMatch.Check(current.Revision) is { } stale) return stale;
        if (current.State == PlanVersionState.Published)
        {
            return Refusal.Conflict(
                "plan-version-published", "A published version never changes; draft another.", "published");
        }

        await transaction.Execute(Clear, key);
        return await PlanCharges.Insert(transaction, plan, version, body) is { } unsound
            ? unsound
            : (await PlanVersion.Read(transaction, plan, version))!;
    }

    private sealed record Current
    {
        public required PlanVersionState State { get; init; }

        public required int Revision { get; init; }
    }

    private const string SelectForUpdate = """
        select state, revision from contracts.plan_versions where plan = @Plan and version = @Version for update
        """;

    private const string Clear = """
        with edited as (
            update contracts.plan_versions
            set months_per_period = @MonthsPerPeriod, revision = revision + 1
            where plan = @Plan and version = @Version
        ), commitments as (delete from contracts.plan_commitments where plan = @Plan and version = @Version)
        delete from contracts.plan_charges where plan = @Plan and version = @Version
        """;
}
