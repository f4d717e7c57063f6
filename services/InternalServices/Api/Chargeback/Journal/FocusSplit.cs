using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Hosting;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>Spells the pools and lines of a run as rows of FOCUS 1.3.</summary>
internal sealed class FocusSplit
{
    public static readonly IReadOnlyList<string> Columns =
    [
        "AllocatedMethodDetails", "AllocatedMethodId", "AllocatedResourceId", "AllocatedResourceName", "AllocatedTags",
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
        "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargeFrequency",
        "ChargePeriodEnd", "ChargePeriodStart", "ContractedCost", "EffectiveCost", "HostProviderName",
        "InvoiceIssuerName", "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName",
        "ResourceId", "ResourceName", "ServiceCategory", "ServiceName", "ServiceProviderName", "ServiceSubcategory",
        "Tags", "x_LineKind", "x_RunId",
    ];

    private const string Account = "chargeback";
    private const string AccountName = "Internal chargeback";

    private readonly Run _run;
    private readonly ProviderOptions _provider;
    private readonly string _start;
    private readonly string _end;

    public FocusSplit(Run run, Period month, ProviderOptions provider)
    {
        (_run, _provider) = (run, provider);
        (_start, _end) = (Spelled(month.Start(provider.TimeZone)), Spelled(month.End(provider.TimeZone)));
    }

    public sealed record Run
    {
        public required Guid Id { get; init; }

        public required AllocationMethod Method { get; init; }
    }

    public sealed record Pool
    {
        public required string Code { get; init; }

        public required string Name { get; init; }

        public string? Service { get; init; }

        public required decimal Exact { get; init; }

        /// <summary>None where all of the pool was assigned directly.</summary>
        public string? Driver { get; init; }

        public string? Unit { get; init; }
    }

    public sealed record Line
    {
        public required int Position { get; init; }

        public required string Pool { get; init; }

        public required string Department { get; init; }

        public required string DepartmentName { get; init; }

        public string? Customer { get; init; }

        public required LineKind Kind { get; init; }

        public required decimal Amount { get; init; }

        public required decimal Exact { get; init; }

        public required decimal Quantity { get; init; }
    }

    /// <summary>Everything of the pool stands on its allocated charges, so that the rows sum to it once.</summary>
    public IReadOnlyList<string?> Origin(Pool pool) => Row(pool, line: null);

    public IReadOnlyList<string?> Allocated(Pool pool, Line line) => Row(pool, line);

    /// <summary>In the order of <see cref="Columns"/>.</summary>
    private IReadOnlyList<string?> Row(Pool pool, Line? line)
    {
        var cost = _provider.Currency.Format(line?.Amount ?? 0);
        var isShared = line is not null && line.Department != DepartmentCodes.Unallocated;
        return
        [
            line is null ? null : Details(pool, line),
            line is null ? null : MethodOf(pool, line),
            isShared ? line!.Department : null,
            isShared ? line!.DepartmentName : null,
            isShared ? Tags(line!) : null,
            cost, Account, AccountName, _provider.Currency.Code, _end,
            _start, "Usage", null, pool.Name, "Usage-Based",
            _end, _start, cost, cost, _provider.Name,
            _provider.Name, cost, null, null, _provider.Name, _provider.Name,
            pool.Code, pool.Name, "Other", pool.Service ?? pool.Name, _provider.Name, "Other (Other)",
            new JsonObject { ["pool"] = pool.Code }.ToJsonString(), line?.Kind.Spelled(), $"{_run.Id}",
        ];
    }

    /// <summary>
    /// The share of the pool's exact cost, before rounding: within a pool the ratios sum to one. Numbers, as FOCUS
    /// asks for, with as many digits as were reckoned.
    /// </summary>
    private static string Details(Pool pool, Line line)
    {
        var element = new JsonObject
        {
            ["AllocatedRatio"] = RatioOf(pool, line),
        };
        if (line.Kind != LineKind.Direct && pool.Unit is { } unit)
        {
            element["UsageUnit"] = unit;
            element["UsageQuantity"] = Exact.Trimmed(line.Quantity);
        }

        return new JsonObject { ["Elements"] = new JsonArray(element) }.ToJsonString(JsonSerializerOptions.Default);
    }

    private static decimal RatioOf(Pool pool, Line line) => pool.Exact == 0
        ? 0
        : Exact.Trimmed(decimal.Round(line.Exact / pool.Exact, Exact.MaxDecimals, MidpointRounding.AwayFromZero));

    /// <summary>The method of the run and the driver of the pool; what was assigned directly has neither.</summary>
    private string MethodOf(Pool pool, Line line) => line.Kind == LineKind.Direct || pool.Driver is null
        ? "assigned"
        : $"{_run.Method.Spelled()}/{pool.Driver}";

    private static string Tags(Line line)
    {
        var tags = new JsonObject { ["department"] = line.Department };
        if (line.Customer is { } customer) tags["customer"] = customer;
        return tags.ToJsonString();
    }

    private static string Spelled(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
