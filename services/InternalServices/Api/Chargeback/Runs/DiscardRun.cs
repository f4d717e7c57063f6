using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Puts a calculated run aside; it is kept, and the same inputs give a new one.</summary>
public static class DiscardRun
{
    public static Task<IResult> Handle(Guid id, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Discard(transaction, id, caller.Subject),
            run => Answer.Ok(run) with { Version = run.Version },
            cancellationToken);

    private static async Task<Outcome<Run>> Discard(Transaction transaction, Guid id, string subject)
    {
        if (await RunRows.LoadForUpdate(transaction, id) is not { } run) return Refusal.NotFound("run", $"{id}");
        if (run.State != RunState.Calculated)
        {
            return Refusal.Conflict(
                "run-not-calculated", "Only a calculated run can be discarded.", run.State.Spelled());
        }

        await transaction.Execute(Update, new { Id = id, transaction.Now, Subject = subject });
        return (await RunRows.Load(transaction, id))!;
    }

    private const string Update = """
        update chargeback.runs
        set state = 'discarded', version = version + 1, discarded_at = @Now, discarded_by = @Subject
        where id = @Id
        """;
}
