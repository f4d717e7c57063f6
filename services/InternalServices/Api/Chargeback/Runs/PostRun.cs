using InternalServices.Api.Chargeback.Periods;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Posts a calculated run of a month that is closing, if it still says what the books say.</summary>
public static class PostRun
{
    public static Task<IResult> Handle(
        Guid id,
        Once once,
        Caller caller,
        ProviderOptions provider,
        RunPosting posting,
        CancellationToken cancellationToken) =>
        once.Run(
            transaction => Post(transaction, id, provider.Currency, caller.Subject, posting),
            run => Answer.Ok(run) with { Version = run.Version },
            cancellationToken);

    private static async Task<Outcome<Run>> Post(
        Transaction transaction, Guid id, Currency currency, string subject, RunPosting posting)
    {
        if (await RunRows.Load(transaction, id) is not { } found) return Refusal.NotFound("run", $"{id}");

        var period = await PeriodRows.Lock(transaction, found.Month);
        var run = (await RunRows.LoadForUpdate(transaction, id))!;
        if (run.State != RunState.Calculated)
        {
            return Refusal.Conflict("run-not-calculated", "Only a calculated run can be posted.", run.State.Spelled());
        }

        var input = await RunInput.Load(transaction, run.Month, run.RuleSet, currency);
        var allocation = input.Then(loaded => Allocation.Calculate(loaded.Input));
        if (allocation.IsRefused || allocation.Value.Certificate.InputHash != run.InputHash)
        {
            return Refusal.Conflict(
                "inputs-changed", "Costs, usage or the organisation have changed since; calculate the month again.");
        }

        if (period.State != PeriodState.Closing)
        {
            return Refusal.Conflict(
                "period-not-closing",
                $"A run is posted while its month is closing; {run.Month} is {period.State.Spelled()}.",
                period.State.Spelled(),
                period.State == PeriodState.Closed ? [] : ["close"]);
        }

        if (!input.Value.ExternalUsageFinal)
        {
            return Refusal.Conflict(
                "external-usage-missing", "The external side has not finalized the month's usage yet.");
        }

        if (await RunRows.LoadPosted(transaction, run.Month) is { } posted)
        {
            return Refusal.Conflict(
                "month-posted", $"Run {posted.Id} of {run.Month} is posted; reverse it first.", run.State.Spelled());
        }

        await posting.Post(transaction, id, allocation.Value, subject);
        await PeriodRows.Unblock(transaction, run.Month);
        return (await RunRows.Load(transaction, id))!;
    }
}
