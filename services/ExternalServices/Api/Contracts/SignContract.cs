using System.Globalization;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>A customer signs a published plan version.</summary>
public static class SignContract
{
    private static readonly DateOnly EarliestStart = new(1990, 1, 1);
    private static readonly DateOnly LatestStart = new(2199, 12, 31);

    public sealed record Request
    {
        /// <summary>Names the contract for ever, for example <c>ACME-2026</c>.</summary>
        public required string Code { get; init; }

        /// <summary>Code of the customer.</summary>
        public required string Customer { get; init; }

        /// <summary>Code of the plan; its currency must be the customer's.</summary>
        public required string Plan { get; init; }

        /// <summary>A published version of the plan.</summary>
        public required int PlanVersion { get; init; }

        /// <summary>First day, in the customer's zone.</summary>
        public required DateOnly Start { get; init; }

        /// <summary>First day that is no longer in it; left out while it runs.</summary>
        public DateOnly? End { get; init; }

        /// <summary>A day on which a billing period begins; the start when left out.</summary>
        public DateOnly? Anchor { get; init; }

        /// <summary>What is agreed differently from the plan, charge by charge; at most 100.</summary>
        public IReadOnlyList<AgreedCharge> Overrides { get; init; } = [];

        /// <summary>What is billed at least, in place of the plan's commitments; left out: the plan's.</summary>
        public IReadOnlyList<Commitment>? Commitments { get; init; }

        /// <summary>Other terms from later days on, in their order; at most 50.</summary>
        public IReadOnlyList<ContractPhase> Phases { get; init; } = [];

        /// <summary>What becomes of usage that comes, or is corrected, when its period is billed.</summary>
        public LateUsagePolicy LateUsage { get; init; } = LateUsagePolicy.AdjustNext;

        internal AgreedTerms Agreed => new() { Overrides = Overrides, Commitments = Commitments };
    }

    public static Task<IResult> Handle(
        Request body,
        Caller caller,
        Once once,
        PlanTerms plans,
        Outbox outbox,
        CancellationToken cancellationToken) =>
        once.Run(
            transaction => Sign(transaction, body, caller, plans, outbox),
            contract => Answer.Created($"/external/v1/contracts/{contract.Code}", contract) with
            {
                Version = contract.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Contract>> Sign(
        Transaction transaction, Request body, Caller caller, PlanTerms plans, Outbox outbox)
    {
        var fields = new Fields()
            .Code("/code", body.Code)
            .Check(
                "/start",
                body.Start >= EarliestStart && body.Start <= LatestStart,
                "out-of-range",
                "The year is from 1990 to 2199.")
            .Check("/end", body.End is null || body.End > body.Start, "ends-before-start", "It ends after its start.");
        ContractPhases.Check(fields, body);
        if (fields.Refusal is { } refusal) return refusal;

        var sides = await transaction.Single<Sides>(SelectSides, new { body.Customer, body.Plan, body.PlanVersion });
        if (Check(body, sides) is { } unsound) return unsound;
        var key = (body.Plan, body.PlanVersion);
        if (body.Agreed.Check((await PlanTerms.Read(transaction, key))[key]) is { } unusable) return unusable;
        if (await body.Agreed.CheckServices(transaction) is { } unknown) return unknown;
        if (await Insert(transaction, body, sides) == 0)
        {
            return Refusal.Conflict("contract-exists", $"There is a contract '{body.Code}' already.");
        }

        var contract = (await SignedContract.Read(transaction, body.Code))!;
        var phases = await ContractPhases.Of(transaction, contract, body);
        if (phases.Refusal is { } unfit) return unfit;
        contract = await Complete(transaction, contract, phases.Value, caller, plans);
        var terms = contract.Terms(plans, contract.Changes);
        return await MeteredServices.Write(transaction, contract.Customer, terms) is { } taken
            ? taken
            : await Publish(transaction, contract.ToContract(transaction.Now), outbox);
    }

    private static async Task<SignedContract> Complete(
        Transaction transaction,
        SignedContract contract,
        IReadOnlyList<NewTerms> phases,
        Caller caller,
        PlanTerms plans)
    {
        await plans.Load(
            transaction,
            phases.Select(row => (row.Terms.Plan, row.Terms.PlanVersion))
                .Append((contract.Plan, contract.PlanVersion)));
        foreach (var phase in phases) contract = contract.With(phase, plans, [], transaction.Now);
        await ChangeWriter.Insert(transaction, contract, contract.Changes, null, caller.Subject);
        return contract;
    }

    private static Refusal? Check(Request body, Sides sides) => sides switch
    {
        { LegalEntity: null } =>
            Refusal.Rejected("customer-not-found", $"There is no customer '{body.Customer}'.", "/customer"),
        { PlanCurrency: null } =>
            Refusal.Rejected("plan-not-found", $"There is no plan '{body.Plan}'.", "/plan"),
        { State: not PlanVersionState.Published } =>
            Refusal.Rejected(
                "plan-version-not-published",
                $"{body.Plan} has no published version {body.PlanVersion}.",
                "/planVersion"),
        _ when sides.PlanCurrency != sides.CustomerCurrency =>
            Refusal.Rejected(
                "currency-mismatch",
                $"The plan is in {sides.PlanCurrency} and the customer is invoiced in {sides.CustomerCurrency}.",
                "/plan"),
        _ => null,
    };

    private static Task<int> Insert(Transaction transaction, Request body, Sides sides) =>
        transaction.Execute(
            InsertContract,
            new
            {
                body.Code,
                body.Customer,
                sides.LegalEntity,
                body.Plan,
                body.PlanVersion,
                Currency = sides.PlanCurrency,
                body.Start,
                body.End,
                Anchor = body.Anchor ?? body.Start,
                Agreed = body.Agreed.Stored(),
                body.LateUsage,
                transaction.Now,
            });

    private static async Task<Outcome<Contract>> Publish(Transaction transaction, Contract contract, Outbox outbox)
    {
        await outbox.Add(transaction, new ContractSigned
        {
            EventId = Guid.CreateVersion7(transaction.Now),
            OccurredAt = transaction.Now,
            AggregateId = contract.Code,
            AggregateVersion = contract.Version,
            Customer = contract.Customer,
            Contract = contract.Code,
            Plan = contract.Plan,
            Start = contract.Start.ToString("O", CultureInfo.InvariantCulture),
        });
        return contract;
    }

    private sealed record Sides
    {
        public required string? LegalEntity { get; init; }

        public required string? CustomerCurrency { get; init; }

        public required string? PlanCurrency { get; init; }

        public required PlanVersionState? State { get; init; }
    }

    private const string SelectSides = """
        select c.legal_entity, c.currency as customer_currency, p.currency as plan_currency, v.state
        from (values (@Customer, @Plan, @PlanVersion)) as wanted (customer, plan, version)
        left join parties.customers c on c.code = wanted.customer
        left join contracts.plans p on p.code = wanted.plan
        left join contracts.plan_versions v on v.plan = wanted.plan and v.version = wanted.version
        """;

    private const string InsertContract = """
        insert into contracts.contracts (
            code, customer, legal_entity, plan, plan_version, currency, start_date, signed_end, end_date, anchor_date,
            agreed, late_usage, version, signed_at)
        values (
            @Code, @Customer, @LegalEntity, @Plan, @PlanVersion, @Currency, @Start, @End, @End, @Anchor,
            @Agreed::jsonb, @LateUsage, 1, @Now)
        on conflict (code) do nothing
        """;
}
