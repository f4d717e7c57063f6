using InternalServices.Api.Chargeback.Costs;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Adds up the rows of a file by where they go, exactly, and keeps what is wrong with the others.</summary>
/// <param name="mapping">Says where.</param>
/// <param name="rates">For costs in another currency than the books'.</param>
/// <param name="rules">Is told what each rule decides; nobody, where nobody asks.</param>
internal sealed class CostTally(CostMapping mapping, BookRates rates, RuleTally? rules = null)
{
    /// <summary>A file with more is not what its sender thinks it is, and is refused as a whole.</summary>
    public const int MaxRejections = 50_000;

    /// <summary>Memory grows with them, and not with the rows.</summary>
    public const int MaxDestinations = 100_000;

    private const string CreditCategory = "Credit";

    private readonly Dictionary<Destination, Sum> _sums = [];
    private readonly List<CostImport.Rejection> _rejections = [];

    public long RowsRead { get; private set; }

    public long RowsRejected { get; private set; }

    public IReadOnlyDictionary<Destination, Sum> Sums => _sums;

    public IReadOnlyList<CostImport.Rejection> Rejections => _rejections;

    /// <summary>What a corrected file replaces as one.</summary>
    public sealed record Scope(string Provider, string BillingAccount, DateTimeOffset BillingPeriodStart);

    /// <summary>Where rows go together.</summary>
    /// <param name="Month">That of the charge.</param>
    /// <param name="Rate">None in the currency of the books.</param>
    public readonly record struct Destination(
        Scope Scope, Period Month, string Pool, Assignee Assignee, EntryKind Kind, DatedRate? Rate)
    {
        public string? Department => Assignee.Kind == AssigneeKind.Department ? Assignee.Code : null;

        public string? Customer => Assignee.Kind == AssigneeKind.Customer ? Assignee.Code : null;

        /// <summary>In the currency of the books.</summary>
        public decimal Booked(Sum sum) => Rate is null ? sum.Amount : Rate.Convert(sum.Amount);
    }

    public sealed record Sum
    {
        /// <summary>In the currency of the rows.</summary>
        public decimal Amount { get; set; }

        public long Rows { get; set; }
    }

    /// <summary>Adds one row; a refusal concerns the file as a whole.</summary>
    public async ValueTask<Refusal?> Take(Outcome<FocusRow> read, long line)
    {
        RowsRead++;
        if (read.Refusal is { } broken) return Reject(broken, line);

        var row = read.Value;
        var rate = await rates.Of(row.BillingCurrency, row.Month);
        return rate.Refusal is { } missing ? Reject(missing, line) : Add(row, rate.Value);
    }

    private Refusal? Add(FocusRow row, DatedRate? rate)
    {
        var mapped = mapping.Map(row);
        rules?.Take(row, mapped, rate);
        var kind = row.ChargeCategory == CreditCategory ? EntryKind.Credit : EntryKind.Actual;
        var scope = new Scope(row.ProviderName, row.BillingAccountId, row.BillingPeriodStart);
        var destination = new Destination(scope, row.Month, mapped.Pool, mapped.Assignee, kind, rate);
        if (!_sums.TryGetValue(destination, out var sum)) _sums.Add(destination, sum = new Sum());

        // Below the limit a sum at fifteen decimals fits a decimal, so that no addition rounds.
        sum.Amount += row.BilledCost;
        sum.Rows++;
        return _sums.Count > MaxDestinations
            ? Refusal.Rejected(
                "too-many-destinations",
                $"The rows go to more than {MaxDestinations} accounts, months, pools and bearers.")
            : decimal.Abs(sum.Amount) * (rate?.Rate ?? 1) < Exact.Limit && decimal.Abs(sum.Amount) < Exact.Limit
                ? null
                : Refusal.Rejected(
                    "amount-out-of-range", $"The cost of {mapped.Pool} in {row.Month} reaches {Exact.Limit}.");
    }

    private Refusal? Reject(Refusal broken, long line)
    {
        RowsRejected++;
        foreach (var fault in broken.Fields ?? [new FieldRefusal(broken.Pointer ?? "", broken.Code, broken.Detail)])
        {
            _rejections.Add(new CostImport.Rejection
            {
                Line = line,
                Column = fault.Pointer.Length == 0 ? null : fault.Pointer[1..],
                Code = fault.Code,
                Detail = fault.Detail,
            });
        }

        return _rejections.Count <= MaxRejections
            ? null
            : Refusal.Rejected(
                "too-many-rejections",
                $"More than {MaxRejections} cells could not be taken, the latest in line {line}: {broken.Detail}");
    }
}
