using ExternalServices.Api.Contracts;
using ExternalServices.Api.Usage;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>Contracts as they are and as they would be on another version of a plan.</summary>
internal sealed class PlanTrial
{
    private readonly (string Plan, int Version) _key;
    private readonly PlanTerms _plans;
    private readonly IReadOnlyList<RunningContract> _contracts;
    private readonly ILookup<string, ChangeRow> _changes;

    private PlanTrial(
        (string Plan, int Version) key,
        PlanTerms plans,
        IReadOnlyList<RunningContract> contracts,
        ILookup<string, ChangeRow> changes) =>
        (_key, _plans, _contracts, _changes) = (key, plans, contracts, changes);

    /// <summary>Drafts may change again, so what is read here serves this trial alone.</summary>
    public static async Task<PlanTrial> Read(
        Transaction transaction, (string Plan, int Version) key, IReadOnlyList<RunningContract> contracts)
    {
        var changes = await ChangeRow.Read(transaction, contracts.Select(contract => contract.Code));
        var plans = new PlanTerms();
        await plans.Load(
            transaction,
            contracts.Select(contract => (contract.Plan, contract.PlanVersion))
                .Concat(changes.SelectMany(rows => rows).Select(row => (row.Plan, row.PlanVersion)))
                .Append(key));
        return new PlanTrial(key, plans, contracts, changes);
    }

    public async Task<IReadOnlyList<BackTestedContract>> Rate(Transaction transaction, Period first, Period last)
    {
        var agreed = _contracts.Select(contract =>
            new RatedMonths(contract.Terms(_plans, [.. _changes[contract.Code]]), first, last));
        var tried = _contracts.Select(contract => new RatedMonths(Tried(contract), first, last));
        var nets = await Nets(transaction, [.. agreed, .. tried]);
        return [.. _contracts.Select((contract, i) => Result(contract, nets[i], nets[_contracts.Count + i]))];
    }

    /// <summary>Wherever the plan was signed, the version is another one.</summary>
    private ContractTerms Tried(RunningContract contract)
    {
        var changes = _changes[contract.Code].Select(row => row.Plan == _key.Plan
            ? row with { PlanVersion = _key.Version, Agreed = Fitting(row.Agreed).Stored() }
            : row);
        var signed = contract.Plan == _key.Plan
            ? contract with { PlanVersion = _key.Version, Agreed = Fitting(contract.Agreed).Stored() }
            : contract;
        return signed.Terms(_plans, [.. changes]);
    }

    private AgreedTerms Fitting(string? stored)
    {
        var agreed = AgreedTerms.Parse(stored);
        return agreed with { Overrides = [.. agreed.Overrides.Where(Fits)] };
    }

    private bool Fits(AgreedCharge agreed) =>
        !ChargeOverride.Agree(_plans[_key.Plan, _key.Version].Charges, [agreed.ToDomain()]).IsRefused;

    private async Task<List<Outcome<decimal>>> Nets(Transaction transaction, List<RatedMonths> rated)
    {
        var charges = rated.ConvertAll(months => months.Charges().ToList());
        var metered = charges.SelectMany((due, i) => due.Select(charge => (Charge: charge, Index: i)))
            .Where(each => each.Charge.Charge.Model.IsMetered)
            .ToList();
        var readings = await Meters.Read(
            transaction,
            metered.ConvertAll(each => new MeterRequest(
                _contracts[each.Index % _contracts.Count].Customer,
                each.Charge.Charge,
                each.Charge.UsageIn,
                each.Charge.MeasuredOver,
                long.MaxValue)));
        var byIndex = metered.Zip(readings)
            .ToLookup(each => each.First.Index, each => (each.First.Charge, each.Second));
        return [.. rated.Select((months, i) => Net(months, charges[i], byIndex[i]))];
    }

    private static Outcome<decimal> Net(
        RatedMonths months, List<DueCharge> charges, IEnumerable<(DueCharge Charge, MeterReading Reading)> metered)
    {
        var readings = metered.ToDictionary(each => each.Charge.Key, each => each.Reading);
        if (readings.Values.FirstOrDefault(reading => reading.Refusal is not null)?.Refusal is { } unread)
        {
            return unread;
        }

        try
        {
            return months.Net(charges.ConvertAll(due =>
                readings.TryGetValue(due.Key, out var reading) ? due with { Usage = reading.Usage } : due));
        }
        catch (OverflowException)
        {
            return Refusal.Rejected("amount-out-of-range", "An amount is beyond all measure.");
        }
    }

    private BackTestedContract Result(RunningContract contract, Outcome<decimal> agreed, Outcome<decimal> tried)
    {
        var refusal = (agreed.Refusal ?? tried.Refusal)?.Code;
        var leftOut = _changes[contract.Code].Select(row => (row.Plan, row.Agreed))
            .Append((contract.Plan, contract.Agreed))
            .Where(signed => signed.Plan == _key.Plan)
            .SelectMany(signed => AgreedTerms.Parse(signed.Agreed).Overrides)
            .Where(charge => !Fits(charge))
            .Select(charge => charge.Charge);
        return new BackTestedContract
        {
            Contract = contract.Code,
            Customer = contract.Customer,
            Agreed = new Money(refusal is null ? agreed.Value : 0, contract.Currency),
            Tried = new Money(refusal is null ? tried.Value : 0, contract.Currency),
            OverridesLeftOut = [.. leftOut.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Refusal = refusal,
        };
    }
}
