using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>From now on the version can be signed and never changes. Publishing it again changes nothing.</summary>
public static class PublishPlanVersion
{
    public static Task<IResult> Handle(string code, int version, Once once, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Publish(transaction, code, version),
            published => Answer.Ok(published) with { Version = published.Revision },
            cancellationToken);

    private static async Task<Outcome<PlanVersion>> Publish(Transaction transaction, string plan, int version)
    {
        await transaction.Execute(Update, new { Plan = plan, Version = version, transaction.Now });
        return await PlanVersion.Read(transaction, plan, version) is { } published
            ? published
            : Refusal.NotFound("plan-version", $"{plan}/{version}");
    }

    private const string Update = """
        update contracts.plan_versions
        set state = 'published', published_at = @Now, revision = revision + 1
        where plan = @Plan and version = @Version and state = 'draft'
        """;
}
