using System.Text;

namespace InternalServices.Api.Tests;

/// <summary>A small FOCUS file.</summary>
public sealed class FocusCsv
{
    public const string Header =
        "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargeCategory,ChargePeriodStart," +
        "ProviderName,ServiceCategory,ServiceName,SubAccountId,Tags";

    private readonly StringBuilder _text = new($"{Header}\n");

    /// <summary>With provider and billing period it says what a corrected file replaces.</summary>
    public string Account { get; init; } = "account";

    public FocusCsv Row(
        string cost,
        string category = "Compute",
        string? unit = null,
        string start = "2026-10-03 10:00:00",
        string currency = "USD",
        string charge = "Usage")
    {
        var tags = unit is null ? "NULL" : $$"""
            "{""business_unit"": ""{{unit}}""}"
            """;
        var period = $"2026-10-01 00:00:00,{charge},{start}";
        return Line($"{cost},{Account},{currency},{period},AWS,{category},Service,sub,{tags}");
    }

    public FocusCsv Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString();
}
