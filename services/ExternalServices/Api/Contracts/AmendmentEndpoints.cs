using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Identity;

namespace ExternalServices.Api.Contracts;

/// <summary>What can be signed on a contract later; each can be previewed with the same body.</summary>
internal static class AmendmentEndpoints
{
    private const string Proration =
        " Fees in advance that are billed beyond the day are credited and charged anew by days, each rounded by "
        + "itself: the next invoice has the lines of the preview. What is measured is priced by the terms of its days.";

    public static void MapAmendments(this IEndpointRouteBuilder routes)
    {
        var contracts = routes.MapGroup("/external/v1/contracts/{code}").WithTags(ContractsEndpoints.Tag)
            .Allow(Callers.Provider);
        MapChange(contracts);
        MapPause(contracts);
        MapResume(contracts);
        MapCancel(contracts);
        MapRenewal(contracts);
    }

    private static void MapChange(RouteGroupBuilder contracts)
    {
        Signs(contracts.MapPost("/changes", ChangeContract.Handle), OfTerms)
            .Describe(
                "changeContract",
                "Change a contract",
                "Another plan, price, quantity or commitment from a day on, in place of what was agreed for later "
                    + "days." + Proration)
            .RequireIdempotencyKey()
            .Answers<Contract>();
        Signs(contracts.MapPost("/changes/preview", ChangeContract.Preview), OfTerms)
            .Describe("previewChange", "Preview a change", "What the change will add to the next invoice.")
            .Answers<AmendmentPreview>();
    }

    private static void MapPause(RouteGroupBuilder contracts)
    {
        Signs(contracts.MapPost("/pause", PauseContract.Handle), OfUntil)
            .Describe(
                "pauseContract",
                "Pause a contract",
                "No fees and commitments from a day on, for good or until another day. Usage that happens "
                    + "nevertheless is billed." + Proration)
            .RequireIdempotencyKey()
            .Answers<Contract>();
        Signs(contracts.MapPost("/pause/preview", PauseContract.Preview), OfUntil)
            .Describe("previewPause", "Preview a pause", "What the pause will add to the next invoice.")
            .Answers<AmendmentPreview>();
    }

    private static void MapResume(RouteGroupBuilder contracts)
    {
        Signs(contracts.MapPost("/resume", ResumeContract.Handle))
            .Describe("resumeContract", "Resume a contract", "Fees and commitments are due again." + Proration)
            .RequireIdempotencyKey()
            .Answers<Contract>()
            .Refuses(409, "contract-active", "It is not paused on this day.");
        Signs(contracts.MapPost("/resume/preview", ResumeContract.Preview))
            .Describe("previewResume", "Preview a resumption", "What it will add to the next invoice.")
            .Answers<AmendmentPreview>()
            .Refuses(409, "contract-active", "It is not paused on this day.");
    }

    private static void MapCancel(RouteGroupBuilder contracts)
    {
        Signs(contracts.MapPost("/cancel", CancelContract.Handle))
            .Describe(
                "cancelContract",
                "Cancel a contract",
                "Ends it on a day; publishes `external.contract-terminated`." + Proration)
            .RequireIdempotencyKey()
            .Answers<Contract>();
        Signs(contracts.MapPost("/cancel/preview", CancelContract.Preview))
            .Describe("previewCancellation", "Preview a cancellation", "What it will give back with the next invoice.")
            .Answers<AmendmentPreview>();
    }

    private static void MapRenewal(RouteGroupBuilder contracts)
    {
        Signs(contracts.MapPost("/renew", RenewContract.Handle), OfTerms, OfUntil)
            .Describe(
                "renewContract",
                "Renew a contract",
                "Lets it go on from its end, which may be a cancellation, at its own or other terms." + Proration)
            .RequireIdempotencyKey()
            .Answers<Contract>()
            .Refuses(409, "contract-open-ended", "It has no end.");
        Signs(contracts.MapPost("/renew/preview", RenewContract.Preview), OfTerms, OfUntil)
            .Describe("previewRenewal", "Preview a renewal", "What it will add to the next invoice.")
            .Answers<AmendmentPreview>()
            .Refuses(409, "contract-open-ended", "It has no end.");
    }

    private static readonly (int Status, string Code, string When)[] OfEach =
    [
        (409, "contract-ended", "It is over on this day."),
        (409, "contract-paused", "It is paused on this day."),
        (409, "contract-scheduled", "It has not begun on this day."),
        (409, "changed-since", "It was changed on a later day that has come."),
        (409, "service-contracted", "Another contract prices one of the services at the same time."),
        (422, "day-out-of-range", "The day is before the current billing period."),
        (422, "invalid-fields", "A member is not of the documented form; `errors` names each."),
    ];

    private static readonly (int Status, string Code, string When)[] OfTerms =
    [
        (422, "plan-version-not-published", "The plan has no such published version."),
        (422, "currency-mismatch", "The plan is in another currency than the contract."),
        (422, "billing-period-differs", "The plan has longer or shorter billing periods."),
        (422, "service-not-found", "A commitment names a service that is not offered to customers."),
    ];

    private static readonly (int Status, string Code, string When)[] OfUntil =
    [
        (422, "until-out-of-range", "The last day is not after the first, or not within the contract."),
    ];

    private static RouteHandlerBuilder Signs(
        RouteHandlerBuilder operation, params (int Status, string Code, string When)[][] refusals)
    {
        foreach (var (status, code, when) in refusals.Prepend(OfEach).SelectMany(each => each))
        {
            operation.Refuses(status, code, when);
        }

        return operation;
    }
}
