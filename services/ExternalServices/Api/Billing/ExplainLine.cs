using ExternalServices.Api.Contracts;
using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Pricing;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Reckons an invoice line again, from the contract's prices and the usage that it bills.</summary>
public static class ExplainLine
{
    public static async Task<IResult> Handle(
        Guid id,
        int number,
        Caller caller,
        Database database,
        PlanTerms plans,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.Read(
                caller.Tenant, transaction => Explain(transaction, id, number, plans), cancellationToken),
            Answer.Ok);

    private static async Task<Outcome<ExplainedLine>> Explain(
        Transaction transaction, Guid id, int number, PlanTerms plans)
    {
        if (await StoredLine.Read(transaction, id, number) is not { } stored)
        {
            return Refusal.NotFound("invoice-line", $"{id}/{number}");
        }

        var terms = (await RunningContract.Terms(transaction, plans, [stored]))[0];
        return stored.Kind == LineKind.TrueUp
            ? await ExplainTrueUp(transaction, stored, stored.DueCommitment(terms))
            : await ExplainCharge(transaction, stored, stored.DueCharge(terms));
    }

    private static async Task<Outcome<ExplainedLine>> ExplainCharge(
        Transaction transaction, StoredLine stored, DueCharge? due)
    {
        if (due is null) return Compare(stored, null, null);
        if (due.Charge.Model.IsMetered)
        {
            var meter = new MeterRequest(stored.Customer, due.Charge, due.UsageIn, due.MeasuredOver);
            var reading = (await Meters.Read(transaction, [meter], stored.Watermark))[0];
            if (reading.Refusal is { } unread) return unread;
            due = due with { Usage = reading.Usage };
        }

        return InvoiceDraft.Of(stored.Currency, [due], stored.Tax)
            .Then<ExplainedLine>(draft => Compare(stored, due.Charge.Model, draft.Lines[0]));
    }

    private static async Task<Outcome<ExplainedLine>> ExplainTrueUp(
        Transaction transaction, StoredLine stored, DueCommitment? due)
    {
        if (due is null) return Compare(stored, null, null);
        var counted = (await stored.BilledBeside(transaction))
            .Where(line => due.Counts(line.Kind, line.Charge))
            .Sum(line => line.Net);
        return InvoiceDraft.Of(stored.Currency, [], stored.Tax, [due with { BilledBefore = counted }])
            .Then<ExplainedLine>(draft => Compare(stored, null, draft.Lines.SingleOrDefault()));
    }

    /// <param name="stored">What the line says.</param>
    /// <param name="price">Null for what is missing to a commitment.</param>
    /// <param name="line">What it would say now; null when there would be none.</param>
    private static ExplainedLine Compare(StoredLine stored, ChargeModel? price, InvoiceLine? line)
    {
        var explanation = line?.Explanation;
        var recomputed = new LineFigures
        {
            Quantity = line?.Amounts.Quantity ?? 0,
            Price = line?.Amounts.Price ?? 0,
            BaseQuantity = line?.Amounts.BaseQuantity ?? 1,
            MeteredQuantity = explanation?.MeteredQuantity,
            Events = explanation?.Events,
            Allowances = new Money(line?.Allowances.Sum(allowance => allowance.Amount) ?? 0, stored.Currency),
            Net = new Money(line?.Net ?? 0, stored.Currency),
        };
        return new ExplainedLine
        {
            Plan = stored.Plan,
            PlanVersion = stored.PlanVersion,
            Kind = stored.Kind,
            Price = price,
            DaysServed = stored.Period.Served.Days,
            DaysOfPeriod = stored.Period.Full.Days,
            Usage = explanation?.MeteredQuantity is { } metered
                ? new MeteredUsageView
                {
                    Quantity = metered,
                    Events = explanation.Events ?? 0,
                    From = line!.UsageIn!.Value.Start,
                    To = line.UsageIn.Value.End,
                }
                : null,
            Steps = explanation?.Steps ?? [],
            Exact = explanation?.Exact ?? "0",
            Recomputed = recomputed,
            Stored = stored.Figures,
            IsEqual = recomputed == stored.Figures,
        };
    }
}
