using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Runs;

/// <summary>Calculates a month; nothing is charged until the run is posted.</summary>
public static class CalculateRun
{
    public sealed record Request
    {
        /// <summary>The month whose costs and usage are taken.</summary>
        public required Period Month { get; init; }

        /// <summary>Version of the rule set; the latest when there is none.</summary>
        public long? RuleSet { get; init; }
    }

    public static Task<IResult> Handle(
        Request body, Once once, Caller caller, ProviderOptions provider, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Calculate(transaction, body, provider.Currency, caller.Subject),
            calculated => (calculated.IsNew
                ? Answer.Created($"/internal/v1/runs/{calculated.Run.Id}", calculated.Run)
                : Answer.Ok(calculated.Run)) with
            {
                Version = calculated.Run.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Calculated>> Calculate(
        Transaction transaction, Request body, Currency currency, string subject)
    {
        var calculation = await RunCalculation.Run(transaction, body.Month, body.RuleSet, currency, subject);
        return calculation.Refusal is { } refusal
            ? refusal
            : new Calculated((await RunRows.Load(transaction, calculation.Value.Id))!, calculation.Value.IsNew);
    }

    private sealed record Calculated(Run Run, bool IsNew);
}
