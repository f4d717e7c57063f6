using ExternalServices.Api.Billing.Running;
using ServiceMesh.Data;
using ServiceMesh.Hosting;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Starts the billing of a month; a worker carries it out.</summary>
public static class StartBillingRun
{
    private const int MaxGraceHours = 8760;

    public sealed record Request
    {
        /// <summary>Bills what became due in this month and was not billed yet.</summary>
        public required Period Month { get; init; }

        /// <summary>Only this customer's contracts.</summary>
        public string? Customer { get; init; }

        /// <summary>Only contracts that this legal entity invoices.</summary>
        public string? LegalEntity { get; init; }

        /// <summary>
        /// Whether invoices get their numbers at once; else they stay drafts, to be finalized one by one.
        /// </summary>
        public bool Finalize { get; init; } = true;

        /// <summary>Hours after which drafts are finalized by themselves; left out, they wait for somebody.</summary>
        public int? GraceHours { get; init; }
    }

    public static Task<IResult> Handle(
        Request body,
        Caller caller,
        Once once,
        ProviderOptions provider,
        BillingSignal signal,
        CancellationToken cancellationToken) =>
        once.Run(
            transaction => Start(transaction, body, caller, provider, signal),
            run => Answer.Accepted($"/external/v1/billing-runs/{run.Id}", run),
            cancellationToken);

    private static async Task<Outcome<BillingRun>> Start(
        Transaction transaction, Request body, Caller caller, ProviderOptions provider, BillingSignal signal)
    {
        var fields = new Fields()
            .Check("/graceHours", !body.Finalize || body.GraceHours is null, "no-drafts", "Grace is for drafts.")
            .Range("/graceHours", body.GraceHours ?? 1, 1, MaxGraceHours);
        if (fields.Refusal is { } invalid) return invalid;
        if (body.Month > Period.Of(transaction.Now, provider.TimeZone))
        {
            return Refusal.Rejected("month-in-the-future", $"{body.Month} has not begun.", "/month");
        }

        if (await ScopeOf(transaction, body) is var scope && scope.Refusal is { } refusal) return refusal;
        var run = await transaction.Single<BillingRun>(
            Insert,
            new
            {
                Id = Guid.CreateVersion7(transaction.Now),
                body.Month,
                Scope = scope.Value,
                Code = body.Customer ?? body.LegalEntity,
                body.Finalize,
                body.GraceHours,
                transaction.Now,
                caller.Subject,
            });
        transaction.AfterCommit(signal.Wake);
        return run;
    }

    private static async Task<Outcome<BillingScope>> ScopeOf(Transaction transaction, Request body) =>
        (body.Customer, body.LegalEntity) switch
        {
            (null, null) => BillingScope.All,
            ({ } customer, null) => await transaction.Scalar<bool>(CustomerExists, new { Code = customer })
                ? BillingScope.Customer
                : Refusal.Rejected("customer-not-found", $"There is no customer '{customer}'.", "/customer"),
            (null, { } entity) => await transaction.Scalar<bool>(LegalEntityExists, new { Code = entity })
                ? BillingScope.LegalEntity
                : Refusal.Rejected("legal-entity-not-found", $"There is no legal entity '{entity}'.", "/legalEntity"),
            _ => Refusal.Rejected(
                "two-scopes", "A run is for one customer or for one legal entity, not for both.", "/customer"),
        };

    private const string CustomerExists = "select exists (select from parties.customers where code = @Code)";

    private const string LegalEntityExists = "select exists (select from parties.legal_entities where code = @Code)";

    private const string Insert = """
        insert into billing.runs (id, month, scope, scope_code, finalizes, grace_hours, state, created_at, created_by)
        values (@Id, @Month, @Scope, @Code, @Finalize, @GraceHours, 'queued', @Now, @Subject)
        returning id, month, scope, scope_code, finalizes, grace_hours, state, contracts_total, contracts_done,
            invoices, failures, created_at, created_by, completed_at
        """;
}
