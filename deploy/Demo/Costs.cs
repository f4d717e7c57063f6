using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsvHelper;

namespace Demo;

/// <summary>Brings a month of cloud cost into the cost pools by mapping rules.</summary>
internal static class Costs
{
    private const string BusinessUnit = "business_unit";

    public static async Task Import(Mesh mesh, Options options)
    {
        var file = options.Focus ?? await Screen.Step(
            string.Create(CultureInfo.InvariantCulture, $"generating {options.Rows} rows of FOCUS 1.0"),
            () => Task.FromResult(Generate(options)));
        await Screen.Step("mapping rules", () => MapBusinessUnits(mesh, file));
        var import = await Screen.Step(
            $"importing {Path.GetFileName(file)}", () => mesh.Upload("/internal/v1/cost-imports", file, "text/csv"));
        Screen.Say(
            $"{Screen.Text(import["rowsRead"])} rows read, {Screen.Text(import["rowsImported"])} imported, "
            + $"{Screen.Text(import["rowsRejected"])} rejected; {Screen.Amount(import["total"])} in all\n");
        Screen.Table(
            ["month", "pool", "rows", "exact cost"],
            import["totals"]!.AsArray().Select(total => new[]
            {
                Screen.Text(total!["month"]),
                Screen.Text(total["pool"]),
                Screen.Text(total["rows"]),
                Screen.Amount(total["amount"]),
            }));
    }

    private static string Generate(Options options)
    {
        Directory.CreateDirectory(options.Folder);
        var path = Path.Combine(options.Folder, $"focus-{options.MonthText}-{options.Rows}.csv");
        FocusFile.Write(path, options.Month.Year, options.Month.Month, options.Rows);
        return path;
    }

    /// <summary>
    /// Service categories decide the pool; the tag business_unit the department, the tag customer the customer. What is
    /// used by all is shared by usage, and what then has no owner stands in UNALLOCATED for everybody to see.
    /// </summary>
    private static Task MapBusinessUnits(Mesh mesh, string file)
    {
        var units = BusinessUnitsOf(file);
        var pools = World.Services.SelectMany(service => service.Categories.Select(category => new
        {
            code = $"pool-{Slug(category)}",
            when = (object)new { serviceCategory = category },
            pool = service.Code,
            assignee = (object?)null,
        }));
        var departments = units.Select((unit, i) => new
        {
            code = $"unit-{i + 1}",
            when = (object)new { tags = new[] { new { key = BusinessUnit, value = unit } } },
            pool = (string?)null,
            assignee = (object?)new { kind = "department", code = DepartmentOf(unit, i) },
        });
        var customers = World.Customers.Select(customer => new
        {
            code = $"customer-{customer.Code}",
            when = (object)new { tags = new[] { new { key = "customer", value = customer.Code } } },
            pool = (string?)null,
            assignee = (object?)new { kind = "customer", code = customer.Code },
        });
        var shared = World.SharedCategories.Select(category => new
        {
            code = $"shared-{Slug(category)}",
            when = (object)new { serviceCategory = category },
            pool = (string?)null,
            assignee = (object?)new { kind = "shared" },
        });
        var rules = pools.Select(rule => Rule(rule.code, rule.when, rule.pool, null))
            .Concat(departments.Concat(customers).Concat(shared)
                .Select(rule => Rule(rule.code, rule.when, null, rule.assignee)));
        return mesh.Replace("/internal/v1/mapping-rules", new { rules });
    }

    private static JsonObject Rule(string code, object when, string? pool, object? assignee)
    {
        var rule = new JsonObject { ["code"] = code, ["when"] = JsonSerializer.SerializeToNode(when) };
        if (pool is not null) rule["pool"] = pool;
        if (assignee is not null) rule["assignee"] = JsonSerializer.SerializeToNode(assignee);
        return rule;
    }

    /// <summary>
    /// A unit that is called like a department is that department; others are dealt out in their order.
    /// </summary>
    private static string DepartmentOf(string unit, int i) =>
        World.Departments.FirstOrDefault(department => department.Code == unit)?.Code
            ?? World.Departments[i % World.Departments.Length].Code;

    private static IReadOnlyList<string> BusinessUnitsOf(string file)
    {
        using var reader = new CsvReader(new StreamReader(file), CultureInfo.InvariantCulture);
        reader.Read();
        reader.ReadHeader();
        var units = new SortedSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            var tags = reader.GetField("Tags");
            if (tags is { Length: > 0 } and not "NULL"
                && JsonNode.Parse(tags)?[BusinessUnit]?.GetValue<string>() is { } unit)
                units.Add(unit);
        }

        return [.. units];
    }

    private static string Slug(string text) => text.Replace(' ', '-');
}
