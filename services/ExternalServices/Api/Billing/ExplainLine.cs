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
        return stored.Kind switch
        {
            LineKind.TrueUp => await ExplainTrueUp(transaction, stored, stored.DueCommitment(terms)),
            LineKind.LateUsage => await ExplainLate(transaction, stored, stored.DueCharge(terms)),
            _ => await ExplainCharge(transaction, stored, stored.DueCharge(terms)),
        };
    }

    private static async Task<Outcome<ExplainedLine>> ExplainCharge(
        Transaction transaction, StoredLine stored, DueCharge? due)
    {
        if (due is null) return Compare(stored, null, null);
        return (await Measured(transaction, stored, due))
            .Then(measured => InvoiceDraft.Of(stored.Currency, [measured], stored.Tax))
            .Then<ExplainedLine>(draft => Compare(stored, due.Charge.Model, draft.Lines[0]));
    }

    private static async Task<Outcome<ExplainedLine>> ExplainLate(
        Transaction transaction, StoredLine stored, DueCharge? due)
    {
        if (due is null) return Compare(stored, null, null);
        var before = (await stored.BilledBeside(transaction))
            .Where(line => line.Kind is LineKind.Charge or LineKind.LateUsage
                && line.Charge == stored.Charge
                && line.PeriodFrom == stored.PeriodFrom);
        var carried = await stored.Carried(transaction);
        return (await Measured(transaction, stored, due))
            .Then(measured => new LateCharge
            {
                Due = measured,
                Number = stored.Cause,
                Billed = before.Sum(line => line.Net),
            }.Line(stored.Number, carried, stored.Tax, stored.Currency))
            .Then<ExplainedLine>(line => Compare(stored, due.Charge.Model, line));
    }

    private static async Task<Outcome<DueCharge>> Measured(Transaction transaction, StoredLine stored, DueCharge due)
    {
        if (!due.Charge.Model.IsMetered) return due;
        var meter = new MeterRequest(stored.Customer, due.Charge, due.UsageIn, due.MeasuredOver, stored.Watermark);
        var reading = (await Meters.Read(transaction, [meter]))[0];
        return reading.Refusal is { } unread ? unread : due with { Usage = reading.Usage };
    }

    private static async Task<Outcome<ExplainedLine>> ExplainTrueUp(
        Transaction transaction, StoredLine stored, DueCommitment? due)
    {
        if (due is null) return Compare(stored, null, null);
        var beside = await stored.BilledBeside(transaction);
        var trueUps = beside.Where(line => due.IsTruedUpBy(line.Kind, line.Charge)).ToList();
        var filled = due with
        {
            BilledBefore = beside.Where(line => due.Counts(line.Kind, line.Charge)).Sum(line => line.Net),
            TruedUpBefore = trueUps.Sum(line => line.Net),
            TrueUps = trueUps.Count,
        };
        var carried = await stored.Carried(transaction);
        return Compare(stored, null, filled.TrueUpLine(stored.Number, carried, stored.Tax, stored.Currency));
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
