using System.Globalization;
using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

public sealed class FocusHeaderTests
{
    private static readonly string[] Columns =
    [
        "BilledCost", "BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargeCategory",
        "ChargePeriodStart", "ProviderName", "ServiceCategory", "ServiceName", "SubAccountId", "Tags", "x_Other",
    ];

    private static readonly string[] Cells =
    [
        "0.5", "1", "USD", "2024-09-01 00:00:00", "Usage",
        "2024-09-30 23:59:59", "AWS", "Compute", "EC2", "42", "NULL", "",
    ];

    [Theory]
    [InlineData("0.00000080000", "0.0000008")]
    [InlineData("1E-05", "0.00001")]
    [InlineData("-2.5e+3", "-2500")]
    [InlineData("1.230E-13", "0.000000000000123")]
    [InlineData("120E-16", "0.000000000000012")]
    [InlineData("0.000000000000000000000000000000000000", "0")]
    [InlineData("9999999999999.999999999999999", "9999999999999.999999999999999")]
    [InlineData(" 7 ", "7")]
    public void Costs_are_read_exactly(string cell, string expected) =>
        Assert.Equal(decimal.Parse(expected, CultureInfo.InvariantCulture), Read("BilledCost", cell).Value.BilledCost);

    [Theory]
    [InlineData("BilledCost", "NULL", "value-missing")]
    [InlineData("BilledCost", "", "value-missing")]
    [InlineData("BilledCost", "1,5", "not-a-decimal")]
    [InlineData("BilledCost", "NaN", "not-a-decimal")]
    [InlineData("BilledCost", "0x10", "not-a-decimal")]
    [InlineData("BilledCost", "$1", "not-a-decimal")]
    [InlineData("BilledCost", "1E-16", "amount-out-of-range")]
    [InlineData("BilledCost", "1E-99999999999999", "amount-out-of-range")]
    [InlineData("BilledCost", "10000000000000", "amount-out-of-range")]
    [InlineData("BilledCost", "9999999999999.0000000000000000000000001", "amount-out-of-range")]
    [InlineData("BillingCurrency", "EURO", "not-a-currency")]
    [InlineData("BillingCurrency", "NULL", "value-missing")]
    [InlineData("ChargePeriodStart", "30/09/2024", "not-an-instant")]
    [InlineData("ChargePeriodStart", "2024-13-01 00:00:00", "not-an-instant")]
    [InlineData("ChargePeriodStart", "0001-01-01 00:00:01", "month-out-of-range")]
    [InlineData("ChargePeriodStart", "NULL", "value-missing")]
    [InlineData("BillingPeriodStart", "yesterday", "not-an-instant")]
    [InlineData("ProviderName", "NULL", "value-missing")]
    [InlineData("Tags", "{\"a\": ", "not-tags")]
    [InlineData("Tags", "[1]", "not-tags")]
    public void A_cell_that_cannot_be_read_is_named_with_its_column(string column, string cell, string code)
    {
        var refusal = Read(column, cell).Refusal!;

        Assert.Equal((code, $"/{column}"), (refusal.Code, refusal.Pointer));
        Assert.Equal([code], refusal.Fields!.Select(field => field.Code));
    }

    [Theory]
    [InlineData("2024-09-30 23:59:59", "2024-09-30T23:59:59Z", "2024-09")]
    [InlineData("2024-09-30T23:59:59Z", "2024-09-30T23:59:59Z", "2024-09")]
    [InlineData("2024-09-30T23:59:59-05:00", "2024-10-01T04:59:59Z", "2024-10")]
    [InlineData("2024-10-01T00:30:00+02:00", "2024-09-30T22:30:00Z", "2024-09")]
    [InlineData("2024-09-30T23:59:59.123Z", "2024-09-30T23:59:59.123Z", "2024-09")]
    [InlineData("2024-09-30 23:59:59 UTC", "2024-09-30T23:59:59Z", "2024-09")]
    [InlineData("2024-09-30", "2024-09-30T00:00:00Z", "2024-09")]
    public void The_month_is_that_of_the_charge_in_utc(string cell, string instant, string month)
    {
        var row = Read("ChargePeriodStart", cell).Value;

        Assert.Equal(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture), row.ChargePeriodStart);
        Assert.Equal(TimeSpan.Zero, row.ChargePeriodStart.Offset);
        Assert.Equal(Period.Parse(month), row.Month);
    }

    [Fact]
    public void Tags_are_texts_whatever_their_json()
    {
        var tags = Read("Tags", """{"a": "x", "b": null, "c": 1.50, "d": true, "e": ""}""").Value.Tags;

        Assert.Equal(
            new Dictionary<string, string> { ["a"] = "x", ["b"] = "", ["c"] = "1.50", ["d"] = "true", ["e"] = "" },
            tags);
        Assert.Empty(Read("Tags", "NULL").Value.Tags);
        Assert.Empty(Read("Tags", "").Value.Tags);
    }

    [Fact]
    public void Null_and_empty_are_no_value()
    {
        Assert.Null(Read("SubAccountId", "NULL").Value.SubAccountId);
        Assert.Null(Read("SubAccountId", " ").Value.SubAccountId);
        Assert.Equal("null", Read("SubAccountId", "null").Value.SubAccountId);
        Assert.Null(Read("SubAccountId", "42").Value.SubAccountName);
    }

    [Fact]
    public void Every_bad_cell_of_a_line_is_reported()
    {
        var cells = (string[])Cells.Clone();
        cells[0] = "x";
        cells[2] = "y";

        var refusal = FocusHeader.Of(Columns).Value.Read(cells).Refusal!;
        Assert.Equal(["/BilledCost", "/BillingCurrency"], refusal.Fields!.Select(field => field.Pointer));
    }

    [Fact]
    public void A_line_with_another_number_of_cells_is_refused() =>
        Assert.Equal("cell-count", FocusHeader.Of(Columns).Value.Read(Cells[1..]).Refusal!.Code);

    [Fact]
    public void A_header_without_needed_columns_names_them_all()
    {
        var refusal = FocusHeader.Of(["BilledCost", "Tags"]).Refusal!;

        Assert.Equal("column-missing", refusal.Code);
        Assert.Equal(8, refusal.Fields!.Count);
        Assert.Equal("column-repeated", FocusHeader.Of([.. Columns, "Tags"]).Refusal!.Code);
    }

    private static Outcome<FocusRow> Read(string column, string cell)
    {
        var cells = (string[])Cells.Clone();
        cells[Array.IndexOf(Columns, column)] = cell;
        return FocusHeader.Of(Columns).Value.Read(cells);
    }
}
