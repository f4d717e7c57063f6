using System.Globalization;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>What came of the month: statements, invoices, margins, and the lines that must be zero.</summary>
internal static class Report
{
    public static async Task Print(Mesh mesh, string month)
    {
        Screen.Title($"What the departments are charged for {month}");
        await Statements(mesh, month);
        Screen.Title("What the customers pay");
        await Invoices(mesh, month);
        Screen.Title("What each customer brings in");
        await Margins(mesh, month);
        Screen.Title("What must be zero");
        await Reconciliation(mesh, month);
        Screen.Title("To look at");
        foreach (var path in new[] { "docs", "openapi/internal.json", "openapi/external.json" })
            Screen.Say(new Uri(mesh.Address, path).ToString());
    }

    private static async Task Statements(Mesh mesh, string month)
    {
        List<string[]> rows = [];
        var statements = await mesh.List($"/internal/v1/statements?month={month}");
        foreach (var statement in statements
            .OrderBy(statement => Screen.Text(statement["department"]), StringComparer.Ordinal))
        {
            var document = await mesh.Get($"/internal/v1/statements/{Screen.Text(statement["id"])}");
            rows.AddRange(document["lines"]!.AsArray().Select(line => new[]
            {
                Screen.Text(statement["department"]), Screen.Text(line!["poolName"]), Screen.Text(line["kind"]),
                Screen.Text(line["customer"]), Screen.Amount(line["amount"]),
            }));
            rows.Add([Screen.Text(statement["department"]), "total", "", "", Screen.Amount(statement["total"])]);
        }

        Screen.Table(["department", "pool", "kind", "customer", "amount"], rows);
    }

    private static async Task Invoices(Mesh mesh, string month) => Screen.Table(
        ["number", "customer", "issued", "due", "net", "tax", "gross", "currency"],
        (await mesh.List($"/external/v1/invoices?month={month}"))
        .OrderBy(invoice => Screen.Text(invoice["number"]), StringComparer.Ordinal)
        .Select(invoice => new[]
        {
            Screen.Text(invoice["number"]), Screen.Text(invoice["customer"]), Screen.Text(invoice["issueDate"]),
            Screen.Text(invoice["dueDate"]), Screen.Amount(invoice["net"]), Screen.Amount(invoice["tax"]),
            Screen.Amount(invoice["gross"]), Screen.Text(invoice["gross"]?["currency"]),
        }));

    private static async Task Margins(Mesh mesh, string month) => Screen.Table(
        ["customer", "revenue", "services", "direct", "overhead", "margin", "percent"],
        (await mesh.List($"/external/v1/profitability/customers?month={month}")).Select(customer => new[]
        {
            Screen.Text(customer["customer"]),
            Screen.Amount(customer["revenue"]),
            Screen.Amount(customer["serviceCost"]),
            Screen.Amount(customer["directCost"]),
            Screen.Amount(customer["residual"]),
            Screen.Amount(customer["margin"]),
            Screen.Text(customer["marginPercent"]),
        }));

    private static async Task Reconciliation(Mesh mesh, string month)
    {
        var cost = await mesh.Get($"/internal/v1/reconciliation/{month}");
        var margins = await mesh.Get($"/external/v1/profitability/reconciliation?month={month}");
        string[][] lines =
        [
            .. cost["lines"]!.AsArray().Select(line => Line(
                Screen.Text(line!["name"]), line["left"], line["right"], line["difference"])),
            Line(
                "Customers' cost = external share of the run",
                margins["cost"]!["customers"],
                margins["cost"]!["externalShare"],
                margins["cost"]!["difference"]),
            .. margins["revenue"]!.AsArray().Select(revenue => Line(
                "Revenue earned = invoiced", revenue!["earned"], revenue["invoiced"], revenue["difference"])),
        ];
        Screen.Table(["line", "left", "right", "difference"], lines);
        var open = lines.Count(
            line => decimal.TryParse(line[^1], CultureInfo.InvariantCulture, out var left) && left != 0);
        if (open > 0) throw new RefusedException($"{open} lines do not reconcile.");
    }

    private static string[] Line(string name, JsonNode? left, JsonNode? right, JsonNode? difference) =>
        [name, Screen.Amount(left), Screen.Amount(right), Screen.Amount(difference)];
}
