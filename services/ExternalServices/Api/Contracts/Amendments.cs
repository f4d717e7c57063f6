using System.Globalization;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What is to be signed: from a day on, these terms.</summary>
internal sealed record NewTerms(ContractChangeKind Kind, DateOnly On, TermsInForce Terms);

/// <summary>A contract that is to be changed, and the day.</summary>
internal sealed record Amended(SignedContract Contract, DateOnly Today);

/// <summary>Signs what a use case has decided, or tells beforehand what it will cost: both reckon the same.</summary>
internal sealed class Amendments(PlanTerms plans, Outbox outbox)
{
    private static readonly DateOnly LatestDay = new(2199, 12, 31);

    public async Task<Outcome<AmendmentPreview>> Preview(
        Transaction transaction, string code, Func<Amended, Task<Outcome<IReadOnlyList<NewTerms>>>> decide)
    {
        if (await SignedContract.Read(transaction, code) is not { } contract) return Refusal.NotFound("contract", code);
        return await Amend(transaction, contract, decide) is var amended && amended.Refusal is { } refusal
            ? refusal
            : PreviewOf(amended.Value.Contract, amended.Value.Lines);
    }

    public async Task<Outcome<Contract>> Sign(
        Transaction transaction,
        string code,
        string? reason,
        Caller caller,
        Func<Amended, Task<Outcome<IReadOnlyList<NewTerms>>>> decide)
    {
        if (await SignedContract.Lock(transaction, code) is not { } contract) return Refusal.NotFound("contract", code);
        var decided = await Amend(transaction, contract, decide);
        if (decided.Refusal is { } refusal) return refusal;
        var amended = decided.Value.Contract;
        await ChangeWriter.Insert(
            transaction, amended, amended.Changes.Skip(contract.Changes.Count), reason, caller.Subject);
        if (await MeteredServices.Write(transaction, amended.Customer, decided.Value.Terms) is { } taken) return taken;
        await Publish(transaction, amended, amended.Changes[contract.Changes.Count]);
        return amended.ToContract(transaction.Now);
    }

    /// <summary>The contract as it will stand, with its terms and the lines that the new signatures make due.</summary>
    private async Task<Outcome<(SignedContract Contract, ContractTerms Terms, IReadOnlyList<DueCharge> Lines)>> Amend(
        Transaction transaction,
        SignedContract contract,
        Func<Amended, Task<Outcome<IReadOnlyList<NewTerms>>>> decide)
    {
        var today = contract.Today(transaction.Now);
        var decided = await decide(new Amended(contract, today));
        if (decided.Refusal is { } refusal) return refusal;
        await plans.Load(
            transaction,
            contract.Changes.Select(change => (change.Plan, change.PlanVersion))
                .Concat(decided.Value.Select(row => (row.Terms.Plan, row.Terms.PlanVersion)))
                .Append((contract.Plan, contract.PlanVersion)));
        if (Check(contract, decided.Value[0].On, today) is { } untimely) return untimely;

        var billed = (await transaction.Query<DateOnly>(SelectBilledFrom, new { contract.Code, Today = today }))
            .ToHashSet();
        var amended = contract;
        foreach (var row in decided.Value) amended = amended.With(row, plans, billed, transaction.Now);
        var terms = amended.Terms(plans, amended.Changes);
        var first = contract.Changes.Count + 1;
        return (amended with { End = amended.AgreedEnd, Version = contract.Version + 1 },
            terms,
            [.. new TermsTimeline(terms).Adjustments().Where(due => due.Cause >= first)]);
    }

    /// <summary>Days that are billed for good, or were changed since, stay as they are.</summary>
    private Refusal? Check(SignedContract contract, DateOnly on, DateOnly today)
    {
        var cycle = contract.Terms(plans, contract.Changes, isChanging: true).Cycle;
        var earliest = today > contract.Start ? cycle.Containing(today)!.Value.Served.Start : contract.Start;
        if (on < earliest || on > LatestDay)
        {
            return Refusal.Rejected(
                "day-out-of-range",
                $"A change holds from {earliest:O}, the first day of this billing period, or later.",
                "/on");
        }

        return contract.Changes.FirstOrDefault(change => change.On <= today && change.On > on) is { } since
            ? Refusal.Conflict("changed-since", $"The contract was changed on {since.On:O}; change it from then on.")
            : null;
    }

    private static Outcome<AmendmentPreview> PreviewOf(SignedContract contract, IReadOnlyList<DueCharge> lines) =>
        InvoiceDraft.Of(contract.Currency, lines, new TaxTreatment(TaxCategory.S, 0)).Then<AmendmentPreview>(draft =>
            new AmendmentPreview
            {
                Contract = contract.Code,
                End = contract.End,
                Lines = [.. draft.Lines.Select(line => AmendmentLine.Of(line, contract.Currency))],
                Net = new Money(draft.Totals.NetTotal, contract.Currency),
            });

    private Task Publish(Transaction transaction, SignedContract contract, ChangeRow change) =>
        change.IsEnded
            ? outbox.Add(transaction, new ContractTerminated
            {
                EventId = Guid.CreateVersion7(transaction.Now),
                OccurredAt = transaction.Now,
                AggregateId = contract.Code,
                AggregateVersion = contract.Version,
                Customer = contract.Customer,
                Contract = contract.Code,
                End = change.On.ToString("O", CultureInfo.InvariantCulture),
            })
            : outbox.Add(transaction, new ContractChanged
            {
                EventId = Guid.CreateVersion7(transaction.Now),
                OccurredAt = transaction.Now,
                AggregateId = contract.Code,
                AggregateVersion = contract.Version,
                Customer = contract.Customer,
                Contract = contract.Code,
                Plan = change.Plan,
                On = change.On.ToString("O", CultureInfo.InvariantCulture),
            });

    private const string SelectBilledFrom = """
        select distinct period_from
        from billing.invoice_lines
        where contract = @Code and kind = 'charge' and usage_from is null and period_to > @Today - 1830
        """;
}
