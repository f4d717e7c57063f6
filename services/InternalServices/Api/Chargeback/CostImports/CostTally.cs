using InternalServices.Api.Chargeback.Costs;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>Adds up the rows of a file by where they go, exactly, and keeps what is wrong with the others.</summary>
internal sealed class CostTally(CostMapping mapping, Currency books)
{
    /// <summary>A file with more is not what its sender thinks it is, and is refused as a whole.</summary>
    public const int MaxRejections = 50_000;

    private const string CreditCategory = "Credit";

    private readonly Dictionary<Destination, Sum> _sums = [];
    private readonly List<CostImport.Rejection> _rejections = [];

    public long RowsRead { get; private set; }

    public long RowsRejected { get; private set; }

    public IReadOnlyDictionary<Destination, Sum> Sums => _sums;

    public IReadOnlyList<CostImport.Rejection> Rejections => _rejections;

    /// <summary>Where rows go together.</summary>
    /// <param name="Month">That of the charge.</param>
    public readonly record struct Destination(Period Month, string Pool, Assignee Assignee, EntryKind Kind)
    {
        public string? Department => Assignee.Kind == AssigneeKind.Department ? Assignee.Code : null;

        public string? Customer => Assignee.Kind == AssigneeKind.Customer ? Assignee.Code : null;
    }

    public sealed record Sum
    {
        public decimal Amount { get; set; }

        public long Rows { get; set; }
    }

    /// <summary>Adds one row; a refusal concerns the file as a whole.</summary>
    public Refusal? Take(Outcome<FocusRow> read, long line)
    {
        RowsRead++;
        if (read.Refusal is { } broken) return Reject(broken, line);

        var row = read.Value;
        return row.BillingCurrency == books
            ? Add(row)
            : Reject(
                Refusal.Rejected(
                    "currency-mismatch", $"The books are kept in {books}, not in {row.BillingCurrency}.", "/BillingCurrency"),
                line);
    }

    private Refusal? Add(FocusRow row)
    {
        var mapped = mapping.Map(row);
        var kind = row.ChargeCategory == CreditCategory ? EntryKind.Credit : EntryKind.Actual;
        var destination = new Destination(row.Month, mapped.Pool, mapped.Assignee, kind);
        if (!_sums.TryGetValue(destination, out var sum)) _sums.Add(destination, sum = new Sum());

        // Below the limit a sum at fifteen decimals fits a decimal, so that no addition rounds.
        sum.Amount += row.BilledCost;
        sum.Rows++;
        return decimal.Abs(sum.Amount) < Exact.Limit
            ? null
            : Refusal.Rejected("amount-out-of-range", $"The cost of {mapped.Pool} in {row.Month} reaches {Exact.Limit}.");
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
