using ExternalServices.Api.Contracts;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.EInvoicing;
using ExternalServices.Domain.Tax;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>What a contract's invoice will say.</summary>
internal sealed record ContractDraft(BilledContract Contract, InvoiceDraft Invoice, DateOnly TaxPoint);

/// <summary>A contract that could not be billed.</summary>
internal sealed record BillingFailure(string Contract, Refusal Refusal);

internal sealed record BilledChunk(IReadOnlyList<ContractDraft> Drafts, IReadOnlyList<BillingFailure> Failures);

/// <summary>
/// Some of a run's contracts, billed together: what is due, what it measures, what it costs, how it is taxed.
/// </summary>
internal sealed class Chunk(RunningRun run, IReadOnlyList<BilledContract> contracts, PlanTerms plans)
{
    /// <summary>What an amount column holds.</summary>
    private const decimal HighestAmount = 9_999_999_999_999_999m;

    /// <summary>
    /// The next contracts in the order of their codes. Locked, so that two runs never bill a contract at the same time:
    /// the second sees what the first has billed.
    /// </summary>
    public static Task<IReadOnlyList<BilledContract>> Read(Transaction transaction, RunningRun run, int size) =>
        transaction.Query<BilledContract>(
            SelectContracts, new { After = run.Position ?? "", run.Scope, run.ScopeCode, Size = size });

    public async Task<BilledChunk> Bill(Transaction transaction)
    {
        var terms = contracts.Zip(await RunningContract.Terms(transaction, plans, contracts)).ToList();
        var due = terms
            .SelectMany(each => DueBy(each.Second, transaction.Now).Select(charge => (each.First, charge)))
            .ToList();
        var metered = await new Metering(due, run.Watermark!.Value).Measure(transaction);
        var commitments = await Commitments.Read(
            transaction, [.. terms.SelectMany(each => CommitmentsOf(each.Second, transaction.Now))]);
        var rates = await TaxRates(transaction);

        var (drafts, failures) = (new List<ContractDraft>(contracts.Count), new List<BillingFailure>());
        foreach (var contract in contracts)
        {
            var charges = metered.GetValueOrDefault(contract.Code) ?? [];
            var missing = commitments[contract.Code].ToList();
            if (charges.Count == 0 && missing.Count == 0) continue;
            var draft = Draft(contract, charges, missing, rates, transaction.Now);
            if (draft.Refusal is { } refusal) failures.Add(new BillingFailure(contract.Code, refusal));
            else if (draft.Value.Invoice.Lines.Any(line => line.Net != 0)) drafts.Add(draft.Value);
        }

        return new BilledChunk(drafts, failures);
    }

    /// <summary>What the month has to bill and whose time has come.</summary>
    private IEnumerable<DueCharge> DueBy(ContractTerms contract, DateTimeOffset now) =>
        DueCharge.LeftBefore(run.Month, contract)
            .Concat(DueCharge.In(run.Month, contract))
            .Where(due => due.Since <= now);

    private IEnumerable<DueCommitment> CommitmentsOf(ContractTerms contract, DateTimeOffset now) =>
        DueCommitment.LeftBefore(run.Month, contract)
            .Concat(DueCommitment.In(run.Month, contract))
            .Where(due => due.Period.Served.In(contract.Zone).End <= now);

    private Outcome<ContractDraft> Draft(
        BilledContract contract,
        List<MeteredCharge> charges,
        List<DueCommitment> commitments,
        IReadOnlyList<TaxRate> rates,
        DateTimeOffset now)
    {
        if (charges.Find(charge => charge.Refusal is not null)?.Refusal is { } unmeasured) return unmeasured;
        var taxPoint = contract.TaxPoint(run.Month, now);
        try
        {
            return TaxDetermination.Determine(contract.TaxFacts(taxPoint), rates)
                .Then(tax => InvoiceDraft.Of(
                    contract.Currency, charges.ConvertAll(charge => charge.Due), tax, commitments))
                .Then<ContractDraft>(draft => draft switch
                {
                    _ when !IsInRange(draft) => AmountOutOfRange(),
                    { Totals.NetTotal: < 0 } => CreditsExceedCharges(draft),
                    _ when En16931Rules.Refuse(EInvoice.Of(draft, contract.TaxParties)) is { } broken => broken,
                    _ => new ContractDraft(contract, draft, taxPoint),
                });
        }
        catch (OverflowException)
        {
            return AmountOutOfRange();
        }
    }

    private static bool IsInRange(InvoiceDraft draft) =>
        draft.Lines.All(line => decimal.Abs(line.Net) <= HighestAmount)
        && decimal.Abs(draft.Totals.GrossTotal) <= HighestAmount;

    private static Refusal CreditsExceedCharges(InvoiceDraft draft) => Refusal.Rejected(
        "credits-exceed-charges",
        $"Credits of changes exceed what is charged by {-draft.Totals.NetTotal} {draft.Currency}: they wait for the "
            + "next invoice that carries them.");

    private static Refusal AmountOutOfRange() =>
        Refusal.Rejected("amount-out-of-range", $"An amount is beyond {HighestAmount}.");

    private Task<IReadOnlyList<TaxRate>> TaxRates(Transaction transaction) =>
        transaction.Query<TaxRate>(
            SelectRates,
            new { Countries = contracts.Select(contract => contract.LegalEntityCountry).Distinct().ToArray() });

    private const string SelectContracts = """
        select c.code, c.customer, customer.version as customer_version, customer.zone as customer_zone,
            buyer.country as customer_country, buyer.vat_id as customer_vat_id, customer.payment_terms_days,
            c.legal_entity, entity.version as legal_entity_version, entity.zone as legal_entity_zone,
            seller.country as legal_entity_country, seller.vat_id as legal_entity_vat_id, c.plan, c.plan_version,
            c.currency, c.start_date as start, c.signed_end, c.anchor_date as anchor, c.agreed::text as agreed
        from contracts.contracts c
        join parties.customers customer on customer.code = c.customer
        join parties.customer_details buyer on buyer.customer = customer.code and buyer.version = customer.version
        join parties.legal_entities entity on entity.code = c.legal_entity
        join parties.legal_entity_details seller
            on seller.legal_entity = entity.code and seller.version = entity.version
        where c.code > @After
            and (@Scope = 'all'
                or (@Scope = 'legalEntity' and c.legal_entity = @ScopeCode)
                or (@Scope = 'customer' and c.customer = @ScopeCode))
        order by c.code
        limit @Size
        for no key update of c
        """;

    private const string SelectRates = """
        select country, category, trim_scale(rate) as rate, valid_from as from, valid_to as to
        from parties.tax_rates
        where country = any(@Countries)
        """;
}
