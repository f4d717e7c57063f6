using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>Adds the next version of a service's prices and ends the one that had no end.</summary>
public static class AddRateCard
{
    public sealed record Request
    {
        /// <summary>The first month that it prices; neither closing nor closed.</summary>
        public required Period ValidFrom { get; init; }

        /// <summary>
        /// The first month that it does not price any more; without one it holds until the next version.
        /// </summary>
        public Period? ValidTo { get; init; }

        public required RateMode Mode { get; init; }

        /// <summary>By ascending bound; only the last has none.</summary>
        public required IReadOnlyList<PriceList.Tier> Tiers { get; init; }

        public required DifferencePolicy Difference { get; init; }
    }

    public static Task<IResult> Handle(
        string code, Request body, Once once, Caller caller, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Add(transaction, code, body, caller.Subject),
            card => Answer.Created($"/internal/v1/services/{code}/rate-cards/{card.Version}", card),
            cancellationToken);

    private static async Task<Outcome<PriceList>> Add(
        Transaction transaction, string service, Request body, string subject)
    {
        if (RateCardRules.Check(body) is { } unsound) return unsound;
        if (!await transaction.Scalar<bool>(SelectService, new { Service = service }))
        {
            return Refusal.NotFound("service", service);
        }

        var months = await OpenMonths.Hold(transaction);
        if (months.FirstStopped(body.ValidFrom, body.ValidTo) is { } stopped)
        {
            var state = months.StateOf(stopped).Spelled();
            return Refusal.Conflict("period-not-open", $"{stopped} is {state}; its prices stay as they are.", state);
        }

        await transaction.Execute(LockCards, new { Service = service });
        var span = new { Service = service, body.ValidFrom, body.ValidTo };
        await transaction.Execute(EndEarlier, span);
        if (await transaction.SingleOrDefault<long?>(SelectOverlap, span) is { } overlap)
        {
            return Refusal.Conflict(
                "rate-card-overlap",
                $"Version {overlap} prices some of these months; begin after it or end before it.");
        }

        var card = new PriceList
        {
            Service = service,
            Version = await transaction.Scalar<long>(SelectNextVersion, span),
            ValidFrom = body.ValidFrom,
            ValidTo = body.ValidTo,
            Mode = body.Mode,
            Tiers = body.Tiers,
            Difference = body.Difference,
            CreatedAt = transaction.Now,
            CreatedBy = subject,
        };
        await RateCardRows.Save(transaction, card);
        return card;
    }

    private const string SelectService = "select exists (select from organisation.services where code = @Service)";

    private const string LockCards = "select pg_advisory_xact_lock(hashtext('chargeback.rate_cards/' || @Service))";

    private const string EndEarlier = """
        update chargeback.rate_cards
        set valid_to = @ValidFrom
        where service_code = @Service and valid_to is null and valid_from < @ValidFrom
        """;

    private const string SelectOverlap = """
        select version
        from chargeback.rate_cards
        where service_code = @Service and daterange(valid_from, valid_to) && daterange(@ValidFrom, @ValidTo)
        order by version
        limit 1
        """;

    private const string SelectNextVersion = """
        select coalesce(max(version), 0) + 1 from chargeback.rate_cards where service_code = @Service
        """;
}
