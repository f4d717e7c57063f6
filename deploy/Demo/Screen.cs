using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Demo;

/// <summary>What the demo prints: steps with the time they took, and tables.</summary>
internal static class Screen
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    public static void Title(string text) => Console.WriteLine($"\n== {text} ==\n");

    public static void Say(string text) => Console.WriteLine($"  {text}");

    /// <summary>Announces a step, does it, and says how long it took.</summary>
    public static async Task<T> Step<T>(string what, Func<Task<T>> work)
    {
        Console.Write($"  {what} … ");
        var started = Stopwatch.GetTimestamp();
        var result = await work();
        Console.WriteLine(string.Create(Plain, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        return result;
    }

    public static Task Step(string what, Func<Task> work) => Step(what, async () =>
    {
        await work();
        return true;
    });

    /// <summary>A table whose columns fit their widest cell; cells that are numbers stand to the right.</summary>
    public static void Table(string[] header, IEnumerable<string[]> rows)
    {
        var all = rows.ToArray();
        var widths = header.Select((head, i) => all.Select(row => row[i].Length).Append(head.Length).Max()).ToArray();
        var isNumber = header.Select((_, i) => all.Length > 0 && all.All(row => IsNumber(row[i]))).ToArray();
        Console.WriteLine(Line(header));
        Console.WriteLine("  " + string.Join("  ", widths.Select(width => new string('-', width))));
        foreach (var row in all) Console.WriteLine(Line(row));
        Console.WriteLine();

        string Line(string[] cells) => "  " + string.Join("  ", cells.Select((cell, i) =>
            isNumber[i] ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]))).TrimEnd();
    }

    /// <summary>An amount of money of an answer, with the currency's decimals as it came.</summary>
    public static string Amount(JsonNode? money) => money?["amount"]?.GetValue<string>() ?? "–";

    public static string Text(JsonNode? value) => value?.ToString() ?? "–";

    private static bool IsNumber(string cell) =>
        cell is "–" || decimal.TryParse(cell.TrimEnd('%', ' '), NumberStyles.Number, Plain, out _);
}
