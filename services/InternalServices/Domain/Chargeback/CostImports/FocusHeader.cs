using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Chargeback.CostImports;

/// <summary>Where the columns of a FOCUS file stand. Columns that are not needed may have any name.</summary>
public sealed class FocusHeader
{
    private static readonly string[] Required =
    [
        "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargeCategory",
        "ChargePeriodStart", "ProviderName", "ServiceCategory", "ServiceName",
    ];

    private static readonly string[] Optional =
        ["ChargeDescription", "ResourceId", "ServiceSubcategory", "SubAccountId", "SubAccountName", "Tags"];

    /// <summary>Columns that a version brought; the latest of which one is there is the file's.</summary>
    private static readonly (FocusVersion Version, string[] Columns)[] Brought =
    [
        (FocusVersion.Focus12,
        [
            "BillingAccountType", "InvoiceId", "PricingCurrency", "PricingCurrencyContractedUnitPrice",
            "PricingCurrencyEffectiveCost", "PricingCurrencyListUnitPrice", "SubAccountType",
        ]),
        (FocusVersion.Focus11,
        [
            "CapacityReservationId", "CapacityReservationStatus", "CommitmentDiscountQuantity",
            "CommitmentDiscountUnit", "ServiceSubcategory", "SkuMeter", "SkuPriceDetails",
        ]),
    ];

    private readonly Dictionary<string, int> _indexOf;
    private readonly int _columns;

    private FocusHeader(Dictionary<string, int> indexOf, int columns, FocusVersion version)
    {
        _indexOf = indexOf;
        _columns = columns;
        Version = version;
    }

    /// <summary>As far as its columns tell.</summary>
    public FocusVersion Version { get; }

    /// <summary>
    /// Reads the first line of a file. Refuses <c>column-missing</c> (all missing columns in the fields) and
    /// <c>column-repeated</c>.
    /// </summary>
    public static Outcome<FocusHeader> Of(IReadOnlyList<string> columns)
    {
        var needed = Required.Concat(Optional).ToHashSet(StringComparer.Ordinal);
        var indexOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i].Trim();
            if (needed.Contains(column) && !indexOf.TryAdd(column, i))
            {
                return Refusal.Rejected("column-repeated", $"The column {column} stands twice.", $"/{column}");
            }
        }

        var missing = Required.Where(column => !indexOf.ContainsKey(column)).ToList();
        return missing.Count == 0
            ? new FocusHeader(indexOf, columns.Count, VersionOf(columns))
            : Refusal.Rejected(
                "column-missing",
                $"A FOCUS file needs the columns {string.Join(", ", missing)}.",
                $"/{missing[0]}") with
            {
                Fields =
                [
                    .. missing.Select(column => new FieldRefusal(
                        $"/{column}", "column-missing", $"The column {column} is missing.")),
                ],
            };
    }

    private static FocusVersion VersionOf(IReadOnlyList<string> columns)
    {
        var present = columns.Select(column => column.Trim()).ToHashSet(StringComparer.Ordinal);
        return Brought
            .Where(version => present.Overlaps(version.Columns))
            .Select(version => version.Version)
            .FirstOrDefault(FocusVersion.Focus10);
    }

    /// <summary>
    /// Reads the cells of one line. Every cell that cannot be read is a field of the refusal, with its column as
    /// pointer: <c>value-missing</c>, <c>not-a-decimal</c>, <c>amount-out-of-range</c>, <c>not-a-currency</c>,
    /// <c>not-an-instant</c>, <c>month-out-of-range</c>, <c>not-tags</c>; <c>cell-count</c> when the line has another
    /// number of cells than the header.
    /// </summary>
    public Outcome<FocusRow> Read(IReadOnlyList<string> cells)
    {
        if (cells.Count != _columns)
        {
            return Refusal.Rejected("cell-count", $"The line has {cells.Count} cells and the header {_columns}.");
        }

        var read = new FocusCells(column => _indexOf.TryGetValue(column, out var index) ? cells[index] : null);
        var row = new FocusRow
        {
            BilledCost = read.Amount("BilledCost"),
            BillingCurrency = read.Currency("BillingCurrency"),
            BillingAccountId = read.RequiredText("BillingAccountId"),
            BillingPeriodStart = read.Instant("BillingPeriodStart"),
            ChargePeriodStart = read.InstantOfMonth("ChargePeriodStart"),
            ChargeCategory = read.RequiredText("ChargeCategory"),
            ProviderName = read.RequiredText("ProviderName"),
            ServiceCategory = read.RequiredText("ServiceCategory"),
            ServiceName = read.RequiredText("ServiceName"),
            ServiceSubcategory = read.Text("ServiceSubcategory"),
            SubAccountId = read.Text("SubAccountId"),
            SubAccountName = read.Text("SubAccountName"),
            ResourceId = read.Text("ResourceId"),
            ChargeDescription = read.Text("ChargeDescription"),
            Tags = read.Tags("Tags"),
        };
        return read.Refusal is { } refusal ? refusal : row;
    }
}

/// <summary>Versions of the FinOps Open Cost and Usage Specification.</summary>
public enum FocusVersion
{
    [JsonStringEnumMemberName("1.0")]
    Focus10,

    [JsonStringEnumMemberName("1.1")]
    Focus11,

    [JsonStringEnumMemberName("1.2")]
    Focus12,
}
