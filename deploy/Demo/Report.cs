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
        foreach (var statement in await mesh.List($"/internal/v1/statements?month={month}"))
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
        (await mesh.List($"/external/v1/invoices?month={month}")).Select(invoice => new[]
        {
            Screen.Text(invoice["number"]), Screen.Text(invoice["customer"]), Screen.Text(invoice["issueDate"]),
            Screen.Text(invoice["dueDate"]), Screen.Amount(invoice["net"]), Screen.Amount(invoice["tax"]),
            Screen.Amount(invoice["gross"]), Screen.Text(invoice["gross"]?["currency"]),
        }));

    private static async Task Margins(Mesh mesh, string month) => Screen.Table(
        ["customer", "revenue", "services", "direct", "overhead", "margin", "percent"],
        (await mesh.List($"/external/v1/profitability/customers?month={month}")).Select(customer => new[]
        {
            Screen.Text(customer["customer"]), Screen.Amount(customer["revenue"]), Screen.Amount(customer["serviceCost"]),
            Screen.Amount(customer["directCost"]), Screen.Amount(customer["residualCost"]), Screen.Amount(customer["margin"]),
            Screen.Text(customer["marginPercent"]),
        }));

    private static async Task Reconciliation(Mesh mesh, string month)
    {
        JsonNode[] sides =
        [
            await mesh.Get($"/internal/v1/reconciliation/{month}"),
            await mesh.Get($"/external/v1/profitability/reconciliation?month={month}"),
        ];
        var lines = sides.SelectMany(side => side["lines"]!.AsArray().OfType<JsonNode>()).ToArray();
        Screen.Table(
            ["line", "left", "right", "difference"],
            lines.Select(line => new[]
            {
                Screen.Text(line["name"]), Screen.Amount(line["left"]), Screen.Amount(line["right"]), Screen.Amount(line["difference"]),
            }));
        var open = lines.Where(line => line["difference"] is { } difference && decimal.Parse(
            Screen.Amount(difference), System.Globalization.CultureInfo.InvariantCulture) != 0).ToArray();
        if (open.Length > 0) throw new RefusedException($"{open.Length} lines do not reconcile.");
    }
}
