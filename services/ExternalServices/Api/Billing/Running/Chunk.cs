using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>A contract that could not be billed.</summary>
internal sealed record BillingFailure(string Contract, Refusal Refusal);

internal sealed record BilledChunk(IReadOnlyList<ContractDraft> Drafts, IReadOnlyList<BillingFailure> Failures);

/// <summary>
/// Some of a run's contracts, billed together: what is due, what it measures, what it costs, how it is taxed.
/// </summary>
/// <param name="month">That is billed.</param>
/// <param name="watermark">Usage of later batches is for later bills.</param>
/// <param name="contracts">In the order of their codes.</param>
/// <param name="plans">What they agree.</param>
internal sealed class Chunk(Period month, long watermark, IReadOnlyList<BilledContract> contracts, PlanTerms plans)
{
    /// <summary>
    /// The next contracts in the order of their codes. Locked, so that two runs never bill a contract at the same time:
    /// the second sees what the first has billed.
    /// </summary>
    public static Task<IReadOnlyList<BilledContract>> Read(Transaction transaction, RunningRun run, int size) =>
        transaction.Query<BilledContract>(
            SelectContracts, new { After = run.Position ?? "", run.Scope, run.ScopeCode, Size = size });

    /// <summary>A contract that nothing happens to.</summary>
    public static Task<BilledContract> ReadOne(Transaction transaction, string code) =>
        transaction.Single<BilledContract>(SelectOne, new { Code = code });

    /// <param name="transaction">Of the bill.</param>
    /// <param name="now">What is not over by then has to wait.</param>
    public async Task<BilledChunk> Bill(Transaction transaction, DateTimeOffset now)
    {
        var (drafts, failures) = (new List<ContractDraft>(contracts.Count), new List<BillingFailure>());
        var rates = await TaxRates(transaction);
        foreach (var dues in await Dues(transaction, now))
        {
            var drafted = dues.Draft(month, rates, now);
            if (drafted.Refusal is { } refusal) failures.Add(new BillingFailure(dues.Contract.Code, refusal));
            else drafts.AddRange(drafted.Value);
        }

        return new BilledChunk(drafts, failures);
    }

    private async Task<IEnumerable<ContractDues>> Dues(Transaction transaction, DateTimeOffset now)
    {
        var terms = contracts.Zip(await RunningContract.Terms(transaction, plans, contracts)).ToList();
        var due = terms
            .SelectMany(each => DueBy(each.Second, now).Select(charge => (Contract: each.First, Charge: charge)))
            .Concat((await new SkippedCharges(terms, month, watermark).Read(transaction))
                .Where(each => each.Charge.Since <= now))
            .DistinctBy(each => each.Charge.Key)
            .ToList();
        var metered = await new Metering(due, watermark).Measure(transaction);
        var late = await new LateCharges(terms, watermark).Read(transaction);
        var commitments = await new Commitments(terms, month).Read(transaction, late, now);
        var exemptions = await Exemptions(transaction);
        return contracts
            .Select(contract => new ContractDues
            {
                Contract = contract,
                Charges = metered.GetValueOrDefault(contract.Code) ?? [],
                Commitments = [.. commitments[contract.Code]],
                Late = [.. late[contract.Code]],
                Exemptions = [.. exemptions[contract.Customer]],
            })
            .Where(dues => !dues.IsEmpty);
    }

    /// <summary>What the month has to bill and whose time has come.</summary>
    private IEnumerable<DueCharge> DueBy(ContractTerms contract, DateTimeOffset now) =>
        DueCharge.LeftBefore(month, contract)
            .Concat(DueCharge.In(month, contract))
            .Where(due => due.Since <= now);

    private async Task<ILookup<string, TaxExemption>> Exemptions(Transaction transaction)
    {
        var exempt = await transaction.Query<Exempt>(
            SelectExemptions, new { Customers = contracts.Select(contract => contract.Customer).Distinct().ToArray() });
        return exempt.ToLookup(each => each.Customer, each => each.ToDomain(), StringComparer.Ordinal);
    }

    private Task<IReadOnlyList<TaxRate>> TaxRates(Transaction transaction) =>
        transaction.Query<TaxRate>(
            SelectRates,
            new { Countries = contracts.Select(contract => contract.LegalEntityCountry).Distinct().ToArray() });

    private const string Contracts = """
        select c.code, c.customer, customer.version as customer_version, customer.zone as customer_zone,
            buyer.country as customer_country, buyer.vat_id as customer_vat_id, customer.payment_terms_days,
            c.legal_entity, entity.version as legal_entity_version, entity.zone as legal_entity_zone,
            seller.country as legal_entity_country, seller.vat_id as legal_entity_vat_id, c.plan, c.plan_version,
            c.currency, c.start_date as start, c.signed_end, c.end_date as end, c.anchor_date as anchor,
            c.agreed::text as agreed, c.late_usage
        from contracts.contracts c
        join parties.customers customer on customer.code = c.customer
        join parties.customer_details buyer on buyer.customer = customer.code and buyer.version = customer.version
        join parties.legal_entities entity on entity.code = c.legal_entity
        join parties.legal_entity_details seller
            on seller.legal_entity = entity.code and seller.version = entity.version

        """;

    private const string SelectOne = Contracts + "where c.code = @Code";

    private const string SelectContracts = Contracts + """
        where c.code > @After
            and (@Scope = 'all'
                or (@Scope = 'legalEntity' and c.legal_entity = @ScopeCode)
                or (@Scope = 'customer' and c.customer = @ScopeCode))
        order by c.code
        limit @Size
        for no key update of c
        """;

    private sealed record Exempt
    {
        public required string Customer { get; init; }

        public required string Reason { get; init; }

        public required string? ReasonCode { get; init; }

        public required DateOnly From { get; init; }

        public required DateOnly? To { get; init; }

        public TaxExemption ToDomain() => new(TaxCategory.E, Reason, From, To, ReasonCode);
    }

    private const string SelectExemptions = """
        select customer, reason, reason_code, valid_from as from, valid_to as to
        from parties.tax_exemptions
        where customer = any(@Customers)
        """;

    private const string SelectRates = """
        select country, category, trim_scale(rate) as rate, valid_from as from, valid_to as to, class, reason,
            reason_code
        from parties.tax_rates
        where country = any(@Countries)
        """;
}
