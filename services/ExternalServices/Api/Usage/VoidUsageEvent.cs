using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Usage;

/// <summary>Takes an event out that should not have been recorded.</summary>
internal static class VoidUsageEvent
{
    public sealed record Request
    {
        /// <summary>Why; kept for ever.</summary>
        public required string Reason { get; init; }
    }

    public static Task<IResult> Handle(
        string customer,
        string source,
        string id,
        Request body,
        Caller caller,
        Once once,
        ProviderOptions provider,
        CancellationToken cancellationToken) =>
        once.Run(
            transaction => new UsageCorrection(
                    EventKey.OfRoute(customer, source, id), body.Reason, caller.Subject, provider.TimeZone)
                .Apply(transaction, replacement: null),
            Answer.Ok,
            cancellationToken);
}
