using System.Globalization;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Contracts;

/// <summary>What is to be signed: from a day on, these terms.</summary>
internal sealed record NewTerms(ContractChangeKind Kind, DateOnly On, TermsInForce Terms);

/// <summary>A contract that is to be changed, and the day.</summary>
internal sealed record Amended(SignedContract Contract, DateOnly Today);

/// <summary>What every request to change a contract says.</summary>
internal interface IAmendment
{
    string? Reason { get; }
}

/// <summary>The terms that a request comes to, or why there are none.</summary>
internal delegate Task<Outcome<IReadOnlyList<NewTerms>>> Decision<in TRequest>(
    Transaction transaction, Amended amended, TRequest body);

/// <summary>Signs what a use case has decided, or tells beforehand what it will cost: both reckon the same.</summary>
internal sealed class Amendments(Database database, PlanTerms plans, Outbox outbox)
{
    private static readonly DateOnly LatestDay = new(2199, 12, 31);

    public Task<IResult> Sign<TRequest>(
        Once once,
        Caller caller,
        string code,
        TRequest body,
        Decision<TRequest> decide,
        CancellationToken cancellationToken)
        where TRequest : IAmendment =>
        once.Run(
            async transaction => await SignedContract.Lock(transaction, code) is { } contract
                ? await Sign(transaction, contract, caller, body, decide)
                : Refusal.NotFound("contract", code),
            contract => Answer.Ok(contract) with { Version = contract.Version },
            cancellationToken);

    public async Task<IResult> Preview<TRequest>(
        string code, TRequest body, Decision<TRequest> decide, CancellationToken cancellationToken)
        where TRequest : IAmendment =>
        Answer.Of(
            await database.Read<Outcome<AmendmentPreview>>(
                Tenant.Provider,
                async transaction => await SignedContract.Read(transaction, code) is { } contract
                    ? (await Amend(transaction, contract, body, decide)).Then(PreviewOf)
                    : Refusal.NotFound("contract", code),
                cancellationToken),
            Answer.Ok);

    private async Task<Outcome<Contract>> Sign<TRequest>(
        Transaction transaction, SignedContract contract, Caller caller, TRequest body, Decision<TRequest> decide)
        where TRequest : IAmendment
    {
        var decided = await Amend(transaction, contract, body, decide);
        if (decided.Refusal is { } refusal) return refusal;
        var amended = decided.Value.Contract;
        await ChangeWriter.Insert(
            transaction, amended, amended.Changes.Skip(contract.Changes.Count), body.Reason, caller.Subject);
        if (await MeteredServices.Write(transaction, amended.Customer, decided.Value.Terms) is { } taken) return taken;
        await Publish(transaction, amended, amended.Changes[contract.Changes.Count]);
        return amended.ToContract(transaction.Now);
    }

    /// <summary>The contract as it will stand, with its terms and the lines that the new signatures make due.</summary>
    private async Task<Outcome<Draft>> Amend<TRequest>(
        Transaction transaction, SignedContract contract, TRequest body, Decision<TRequest> decide)
        where TRequest : IAmendment
    {
        if (Reasons.Check(body.Reason) is { } unreasoned) return unreasoned;
        var today = contract.Today(transaction.Now);
        var decided = await decide(transaction, new Amended(contract, today), body);
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
        return new Draft(
            amended with { End = amended.AgreedEnd, Version = contract.Version + 1 },
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

    private static Outcome<AmendmentPreview> PreviewOf(Draft draft)
    {
        var contract = draft.Contract;
        return InvoiceDraft.Of(contract.Currency, draft.Lines, new TaxTreatment(TaxCategory.S, 0))
            .Then<AmendmentPreview>(invoice => new AmendmentPreview
            {
                Contract = contract.Code,
                End = contract.End,
                Lines = [.. invoice.Lines.Select(line => AmendmentLine.Of(line, contract.Currency))],
                Net = new Money(invoice.Totals.NetTotal, contract.Currency),
            });
    }

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

    /// <summary>What a change leaves: the contract, its terms, the lines that the next invoice gets by it.</summary>
    private sealed record Draft(SignedContract Contract, ContractTerms Terms, IReadOnlyList<DueCharge> Lines);
}
