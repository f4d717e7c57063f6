using ExternalServices.Api.Contracts;
using ExternalServices.Api.Parties;
using ExternalServices.Api.Usage;
using ServiceMesh.Data;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing.Running;

/// <summary>The next step of the oldest run that nobody else is working on.</summary>
internal sealed class BillingStep(BillingOptions options, PlanTerms plans, Outbox outbox)
{
    /// <returns>False when there is nothing to do.</returns>
    public async Task<bool> Take(Transaction transaction)
    {
        if (await transaction.SingleOrDefault<RunningRun>(Claim) is not { } run) return false;
        if (run.Watermark is null)
        {
            // In a transaction of its own: while the gate is closed, usage waits.
            var watermark = await UsageGate.Close(transaction);
            await transaction.Execute(Begin, new { run.Id, Watermark = watermark });
            return true;
        }

        var contracts = await Chunk.Read(transaction, run, options.ChunkSize);
        if (contracts.Count == 0)
        {
            await transaction.Execute(Complete, new { run.Id, transaction.Now });
            return true;
        }

        var billed = await new Chunk(run.Month, run.Watermark.Value, contracts, plans)
            .Bill(transaction, transaction.Now);
        var numbers = run.Finalizes ? await Numbers(transaction, billed.Drafts) : null;
        await new InvoiceWriter(run, billed.Drafts, numbers).Write(transaction, outbox);
        await Advance(transaction, run, contracts, billed);
        return true;
    }

    private static async Task<Dictionary<string, TakenNumbers>> Numbers(
        Transaction transaction, IReadOnlyList<ContractDraft> drafts)
    {
        var entities = drafts
            .GroupBy(draft => draft.Contract.LegalEntity, StringComparer.Ordinal)
            .OrderBy(entity => entity.Key, StringComparer.Ordinal)
            .Select(entity => (entity.Key, entity.Count(), entity.First().Contract.Today(transaction.Now)))
            .ToArray();
        return (await NumberTaking.Take(transaction, entities))
            .ToDictionary(taken => taken.LegalEntity, StringComparer.Ordinal);
    }

    private static async Task Advance(
        Transaction transaction, RunningRun run, IReadOnlyList<BilledContract> contracts, BilledChunk billed)
    {
        await transaction.Execute(
            Progress,
            new
            {
                run.Id,
                Position = contracts[^1].Code,
                Done = contracts.Count,
                Invoices = billed.Drafts.Count,
                Failures = billed.Failures.Count,
                Contracts = billed.Failures.Select(failure => failure.Contract).ToArray(),
                Codes = billed.Failures.Select(failure => failure.Refusal.Code).ToArray(),
                Details = billed.Failures.Select(failure => failure.Refusal.Detail).ToArray(),
            });
    }

    private const string Claim = """
        select id, month, scope, scope_code, finalizes, watermark, position
        from billing.runs
        where state <> 'completed'
        order by created_at, id
        limit 1
        for update skip locked
        """;

    private const string Begin = """
        update billing.runs
        set state = 'running', watermark = @Watermark, contracts_total = (
            select count(*)
            from contracts.contracts c
            where scope = 'all'
                or (scope = 'legalEntity' and c.legal_entity = scope_code)
                or (scope = 'customer' and c.customer = scope_code))
        where id = @Id
        """;

    private const string Progress = """
        with failed as (
            insert into billing.run_failures (run, contract, code, detail)
            select @Id, contract, code, detail
            from unnest(@Contracts, @Codes, @Details) as failure (contract, code, detail)
        )
        update billing.runs
        set position = @Position, contracts_done = contracts_done + @Done, invoices = invoices + @Invoices,
            failures = failures + @Failures
        where id = @Id
        """;

    private const string Complete = "update billing.runs set state = 'completed', completed_at = @Now where id = @Id";
}

/// <summary>What a step needs to know of its run.</summary>
internal sealed record RunningRun
{
    public required Guid Id { get; init; }

    public required Period Month { get; init; }

    public required BillingScope Scope { get; init; }

    public required string? ScopeCode { get; init; }

    public required bool Finalizes { get; init; }

    /// <summary>Usage up to this batch is billed; null until the run has begun.</summary>
    public required long? Watermark { get; init; }

    /// <summary>The last contract that is done; null at the start.</summary>
    public required string? Position { get; init; }
}
