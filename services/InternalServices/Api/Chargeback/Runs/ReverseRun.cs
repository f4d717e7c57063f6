using InternalServices.Api.Chargeback.Periods;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>
/// Undoes the posted run of a month that is not closed; the next close, or a post by hand, gives another.
/// </summary>
public static class ReverseRun
{
    public sealed record Request
    {
        /// <summary>Why; it stands on the run.</summary>
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        Guid id, Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Reverse(transaction, id, body.Reason, caller.Subject),
            run => Answer.Ok(run) with { Version = run.Version },
            cancellationToken);

    private static async Task<Outcome<Run>> Reverse(Transaction transaction, Guid id, string reason, string subject)
    {
        if (new Fields().Text("/reason", reason).Refusal is { } refusal) return refusal;
        if (await RunRows.Load(transaction, id) is not { } found) return Refusal.NotFound("run", $"{id}");

        var period = await PeriodRows.Lock(transaction, found.Month);
        var run = (await RunRows.LoadForUpdate(transaction, id))!;
        if (run.State != RunState.Posted)
        {
            return Refusal.Conflict("run-not-posted", "Only a posted run can be reversed.", run.State.Spelled());
        }

        if (period.State == PeriodState.Closed)
        {
            return Refusal.Conflict(
                "period-closed", $"{run.Month} is closed; open it again first.", period.State.Spelled(), "reopen");
        }

        await RunReversal.Reverse(transaction, id, reason, subject);
        if (period.State == PeriodState.Closing)
        {
            await PeriodRows.Block(
                transaction,
                run.Month,
                Refusal.Rejected(
                    "run-reversed", "The posted run was reversed; post another, or close the month again."));
        }

        return (await RunRows.Load(transaction, id))!;
    }
}
