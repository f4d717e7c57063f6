using System.Globalization;

namespace Demo;

/// <summary>
/// A month of cloud cost as a CSV of the FinOps Open Cost and Usage Specification 1.0, made from a fixed seed: the same
/// month and number of rows give the same file, byte for byte.
/// </summary>
internal static class FocusFile
{
    private const int Seed = 20261;
    private const string NoValue = "NULL";

    /// <summary>A month costs about as much whatever the number of rows: more rows are a finer bill.</summary>
    private const decimal QuantityOfAll = 400_000m;

    private static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
        "BillingPeriodStart", "ChargeCategory", "ChargeDescription", "ChargePeriodEnd", "ChargePeriodStart",
        "ConsumedQuantity", "ConsumedUnit", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ProviderName",
        "PublisherName", "RegionId", "ResourceId", "ServiceCategory", "ServiceName", "SubAccountId", "SubAccountName",
        "Tags",
    ];

    private static readonly Offer[] Offers =
    [
        new("Compute", "Virtual Machines", "Hours", 0.092m),
        new("Compute", "Kubernetes", "Hours", 0.134m),
        new("Storage", "Object Storage", "GB", 0.0031m),
        new("Storage", "Block Storage", "GB", 0.011m),
        new("Networking", "Load Balancer", "Hours", 0.0225m),
        new("Networking", "Data Transfer", "GB", 0.045m),
        new("Management and Governance", "Support Plan", "Tickets", 1.85m),
        new("Management and Governance", "Monitoring", "Metrics", 0.003m),
        new("Business Applications", "Remote Assistance", "Sessions", 0.74m),
    ];

    private static readonly string[] BusinessUnits = ["SALES", "RND", "OPS", "FINANCE"];

    private static readonly string[] SubAccounts = ["shared-platform", "customers", "workplace"];

    /// <summary>Writes the file and tells how much it bills in all.</summary>
    public static decimal Write(string path, int year, int month, int rows)
    {
        var random = new Random(Seed);
        var start = new DateOnly(year, month, 1);
        var total = 0m;
        using var file = new StreamWriter(path) { NewLine = "\n" };
        file.WriteLine(string.Join(',', Columns));
        for (var row = 0; row < rows; row++)
        {
            var quantity = decimal.Round(QuantityOfAll / rows, 6, MidpointRounding.ToZero);
            total += WriteRow(file, random, start, row, quantity);
        }

        return total;
    }

    private static decimal WriteRow(StreamWriter file, Random random, DateOnly start, int row, decimal scale)
    {
        var offer = Offers[random.Next(Offers.Length)];
        var hour = random.Next(DateTime.DaysInMonth(start.Year, start.Month) * 24);
        var quantity = random.Next(1, 10_000) / 10_000m * scale;
        var isCredit = random.Next(50) == 0;
        var cost = (isCredit ? -0.1m : 1m) * quantity * offer.Price;
        var from = start.ToDateTime(new TimeOnly()).AddHours(hour);
        string[] values =
        [
            Text(cost), "4711-0815", "Northwind IT Services", "USD", Instant(start.AddMonths(1)), Instant(start),
            isCredit ? "Credit" : "Usage", $"{offer.Service} in {offer.Unit}", Instant(from.AddHours(1)), Instant(from),
            Text(quantity), offer.Unit, Text(cost), "Example Cloud", Text(cost), "Example Cloud", "Example Cloud",
            "eu-central-1", $"res-{row % 997:D4}", offer.Category, offer.Service,
            SubAccounts[row % SubAccounts.Length], SubAccounts[row % SubAccounts.Length], Tags(random),
        ];
        file.WriteLine(string.Join(',', values.Select(Quote)));
        return cost;
    }

    /// <summary>Two rows in five are shared, one in ten belongs to a customer, the rest to a department.</summary>
    private static string Tags(Random random) => random.Next(10) switch
    {
        < 3 => NoValue,
        3 => """{"environment": "prod"}""",
        4 => """{"customer": "ACME"}""",
        _ => $$"""{"business_unit": "{{BusinessUnits[random.Next(BusinessUnits.Length)]}}", "environment": "prod"}""",
    };

    private static string Quote(string value) => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Instant(DateOnly day) => Instant(day.ToDateTime(new TimeOnly()));

    private static string Instant(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record Offer(string Category, string Service, string Unit, decimal Price);
}
