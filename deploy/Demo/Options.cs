using System.Globalization;

namespace Demo;

/// <summary>What the demo is asked to do; every option has a default.</summary>
internal sealed record Options
{
    public const string Usage = """
        deploy/demo [--month 2026-10] [--rows 20000] [--focus FILE]

          --month   the month to bill and close
          --rows    rows of the generated cost file
          --focus   a FOCUS 1.0 file to import instead of the generated one; its charges are of the month
        """;

    private const int MaxRows = 50_000_000;

    public required Uri Gateway { get; init; }

    /// <summary>The file that holds the secret of the client <c>administrator</c>.</summary>
    public required string AdministratorSecretFile { get; init; }

    /// <summary>Where the generated file is written.</summary>
    public required string Folder { get; init; }

    public DateOnly Month { get; private init; } = new(2026, 10, 1);

    public int Rows { get; private init; } = 20_000;

    public string? Focus { get; private init; }

    /// <summary>The month as the API writes it.</summary>
    public string MonthText => Month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">An argument is not one of the documented.</exception>
    public static Options Read(string[] args)
    {
        var options = new Options
        {
            Gateway = new Uri(Setting("SERVICEMESH_GATEWAY")),
            AdministratorSecretFile = Setting("SERVICEMESH_ADMINISTRATOR_SECRET_FILE"),
            Folder = Setting("SERVICEMESH_DEMO_FOLDER"),
        };
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : throw new FormatException($"{args[i]} needs a value.");
            options = args[i] switch
            {
                "--month" => options with { Month = ReadMonth(value) },
                "--rows" => options with { Rows = ReadRows(value) },
                "--focus" => options with { Focus = ReadFile(value) },
                _ => throw new FormatException($"{args[i]} is not an option."),
            };
        }

        return options;
    }

    private static string Setting(string name) =>
        Environment.GetEnvironmentVariable(name)
        ?? throw new FormatException($"{name} is not set: start with deploy/demo.");

    private static DateOnly ReadMonth(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            ? month
            : throw new FormatException($"'{text}' is not a month such as 2026-10.");

    private static int ReadRows(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is > 0 and <= MaxRows
            ? rows
            : throw new FormatException($"'{text}' is not a number of rows from 1 to {MaxRows}.");

    private static string ReadFile(string path) =>
        File.Exists(path) ? path : throw new FormatException($"There is no file '{path}'.");
}
