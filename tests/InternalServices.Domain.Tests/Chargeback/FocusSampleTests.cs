using InternalServices.Domain.Chargeback;
using InternalServices.Domain.Chargeback.CostImports;
using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Primitives;

namespace InternalServices.Domain.Tests.Chargeback;

/// <summary>A month of real cloud bills: 1,000 anonymised rows of four providers.</summary>
public sealed class FocusSampleTests
{
    private const decimal BilledCost = 20.52022672899m;

    private static readonly CostMapping Mapping = new(
    [
        Unit(1, new("business_unit", "PeoriaData"), Assignee.Department("DATA")),
        Unit(2, new("business_unit", "ViennaAI"), Assignee.Customer("VIENNA")),
        Unit(3, new("business_unit"), Assignee.Shared),
        new MappingRule { Code = "compute", Precedence = 4, ServiceCategory = "Compute", Pool = "COMPUTE" },
        new MappingRule { Code = "storage", Precedence = 5, ServiceCategory = "Storage", Pool = "STORAGE" },
        new MappingRule { Code = "network", Precedence = 6, ServiceCategory = "Networking", Pool = "NETWORK" },
    ]);

    [Fact]
    public void Every_row_is_read_and_sums_to_the_published_cost()
    {
        var rows = ReadSample();

        Assert.Equal(1000, rows.Count);
        Assert.Equal(BilledCost, rows.Sum(row => row.BilledCost));
        Assert.All(rows, row => Assert.Equal(new Period(2024, 9), row.Month));
        Assert.Equal(340, rows.Count(row => !row.Tags.ContainsKey("business_unit")));
        Assert.Equal(289, rows.Count(row => row.Tags.Count == 0));
    }

    [Fact]
    public void The_pools_total_the_rounded_cost()
    {
        var rows = ReadSample();
        var mapped = rows.ConvertAll(row => (Row: row, To: Mapping.Map(row)));
        var run = Allocation.Calculate(new AllocationInput
        {
            Period = new Period(2024, 9),
            Currency = Currency.Of("USD"),
            Method = AllocationMethod.Direct,
            Departments = ["DATA", "OPS"],
            Pools =
            [
                .. mapped.GroupBy(item => item.To.Pool).Select(pool => new CostPool
                {
                    Code = pool.Key,
                    Entries = [.. pool.Select(item => new CostEntry(item.To.Assignee, item.Row.BilledCost))],
                    Drivers =
                    [
                        new DriverQuantity(Consumer.Department("OPS"), 2),
                        new DriverQuantity(Consumer.Department(DepartmentCodes.ExternalBusiness), 1),
                    ],
                }),
            ],
        }).Value;

        Assert.Equal(20.52m, run.Certificate.PoolTotal);
        Assert.Equal(20.52m, run.Lines.Sum(line => line.Amount));
        Assert.Equal(0, run.Certificate.Difference);
        Assert.Equal(1000, run.Certificate.EntryRows);
        Assert.Equal(
            mapped.Where(item => item.To.Assignee == Assignee.Unallocated).Sum(item => item.Row.BilledCost),
            run.Lines.Where(line => line.Department == DepartmentCodes.Unallocated).Sum(line => line.Exact));
        Assert.Equal(["VIENNA"], run.External.Customers.Select(customer => customer.Customer));
    }

    private static MappingRule Unit(int precedence, TagCondition tag, Assignee assignee) =>
        new() { Code = $"unit-{precedence}", Precedence = precedence, Tags = [tag], Assignee = assignee };

    private static List<FocusRow> ReadSample()
    {
        var path = Cases.SharedData("focus-sample.csv");
        Assert.SkipWhen(path is null, "The data set focus-sample.csv is not beside the project.");
        var lines = File.ReadAllLines(path!).Select(CellsOf).ToList();
        var header = FocusHeader.Of(lines[0]).Value;
        return lines[1..].ConvertAll(line => header.Read(line).Value);
    }

    /// <summary>Cells of a line of a CSV file without line breaks inside cells.</summary>
    private static List<string> CellsOf(string line)
    {
        var cells = new List<string>();
        for (var at = 0; at <= line.Length; at++)
        {
            var quoted = at < line.Length && line[at] == '"';
            var end = quoted ? EndOfQuoted(line, at + 1) : line.IndexOf(',', at);
            end = end < 0 ? line.Length : end;
            cells.Add(quoted ? line[(at + 1)..end].Replace("\"\"", "\"", StringComparison.Ordinal) : line[at..end]);
            at = quoted ? end + 1 : end;
        }

        return cells;
    }

    private static int EndOfQuoted(string line, int from)
    {
        var end = line.IndexOf('"', from);
        return end + 1 < line.Length && line[end + 1] == '"' ? EndOfQuoted(line, end + 2) : end;
    }
}
