using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Usage;

/// <summary>Takes an event out and records another in its place.</summary>
internal static class ReplaceUsageEvent
{
    public sealed record Request
    {
        /// <summary>Why; kept for ever.</summary>
        public required string Reason { get; init; }

        /// <summary>What stands instead.</summary>
        public required Replacement Replacement { get; init; }
    }

    /// <summary>The event that stands instead, under a key of its own.</summary>
    public sealed record Replacement
    {
        /// <summary>The system that corrects; at most 64 characters.</summary>
        public required string Source { get; init; }

        /// <summary>Unique per customer and source for ever, as of any event; at most 128 characters.</summary>
        public required string Id { get; init; }

        /// <summary>Code of a service that is offered to customers.</summary>
        public required string Service { get; init; }

        /// <summary>When it happened, RFC 3339 with offset; at most five minutes ahead.</summary>
        public required string At { get; init; }

        /// <summary>In the service's unit, not negative: up to 9 digits before and 15 after the point.</summary>
        public required string Quantity { get; init; }

        /// <summary>What else is known, for example a region; at most 20 pairs.</summary>
        public IReadOnlyDictionary<string, string>? Dimensions { get; init; }

        internal UsageEvent Of(string customer) => new()
        {
            Source = Source,
            Id = Id,
            Customer = customer,
            Service = Service,
            At = At,
            Quantity = Quantity,
            Dimensions = Dimensions,
        };
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
                .Apply(transaction, body.Replacement.Of(customer)),
            Answer.Ok,
            cancellationToken);
}
