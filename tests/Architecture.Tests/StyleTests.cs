using System.Text.RegularExpressions;

namespace Architecture.Tests;

public sealed partial class StyleTests
{
    [Fact]
    public void Money_and_quantities_are_never_binary_floating_point() => Rule.Holds(
        "floating-point",
        SourceTree.Product,
        file => file.Path,
        file => FloatingPoint().Match(file.Text) is { Success: true } found ? $"says {found.Value}" : null);

    [Fact]
    public void Instants_say_their_offset() => Rule.Holds(
        "datetime",
        SourceTree.Product,
        file => file.Path,
        file => DateTimeType().Match(file.Text) is { Success: true } found ? $"says {found.Value}" : null);

    [Fact]
    public void Sql_names_its_columns_and_takes_parameters() => Rule.Holds(
        "sql",
        SourceTree.Product.Where(file => file.Text.Contains("select ", StringComparison.Ordinal)),
        file => file.Path,
        file => StarOrInterpolation().Match(file.Text) is { Success: true } found
            ? $"says {found.Value.Trim()}"
            : null);

    [Fact]
    public void Schemas_are_written_by_one_feature()
    {
        var writes = SourceTree.Product
            .Where(file => file.Path.Contains("/Api/", StringComparison.Ordinal))
            .SelectMany(file => Write().Matches(file.Text).Select(write => (
                Service: file.Path.Split('/')[1], Schema: write.Groups[1].Value, Feature: file.Path.Split('/')[3])));
        Rule.Holds(
            "one-writer",
            writes.GroupBy(write => (write.Service, write.Schema)),
            group => $"{group.Key.Service}:{group.Key.Schema}",
            group => group.Select(write => write.Feature).Distinct().ToArray() is { Length: > 1 } features
                ? $"is written by {string.Join(", ", features)}"
                : null);
    }

    [Fact]
    public void Nothing_is_left_for_later() => Rule.Holds(
        "unfinished",
        SourceTree.CSharp.Where(file => !file.Path.StartsWith("tests/Architecture", StringComparison.Ordinal)),
        file => file.Path,
        file => Unfinished().Match(file.Text) is { Success: true } found ? $"says {found.Value}" : null);

    [GeneratedRegex(@"\b(double(?![ -]entry)|float|Half)\b")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex(@"\bDateTime\b(?!\()[^;\n]*")]
    private static partial Regex DateTimeType();

    [GeneratedRegex(@"select \*|\$""+\s*(select|insert|update|delete|with) [^""]*")]
    private static partial Regex StarOrInterpolation();

    [GeneratedRegex(@"(?:insert into|update|delete from|truncate) ([a-z_]+)\.[a-z_]+")]
    private static partial Regex Write();

    [GeneratedRegex(@"NotImplementedException|TODO|FIXME|HACK|XXX|Thread\.Sleep|Skip *= *""")]
    private static partial Regex Unfinished();
}
