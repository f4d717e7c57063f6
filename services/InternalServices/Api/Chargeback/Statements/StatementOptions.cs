namespace InternalServices.Api.Chargeback.Statements;

/// <summary>How statements are dealt with, from the section <c>Statements</c>.</summary>
public sealed record StatementOptions
{
    private const string Section = "Statements";
    private const int LongestTime = 365;

    /// <summary>
    /// Time that a department has; stands on each statement, so that a change concerns only later ones.
    /// </summary>
    public required int AcknowledgementDays { get; init; }

    /// <summary>How often statements whose time has come are looked for.</summary>
    public required TimeSpan LookAgainAfter { get; init; }

    /// <exception cref="InvalidOperationException">A department would have no time, or more than a year.</exception>
    public static StatementOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var days = section.GetValue(nameof(AcknowledgementDays), 10);
        return new StatementOptions
        {
            AcknowledgementDays = days is >= 1 and <= LongestTime
                ? days
                : throw new InvalidOperationException(
                    $"{Section}:{nameof(AcknowledgementDays)} is from 1 to {LongestTime}, not {days}."),
            LookAgainAfter = section.GetValue(nameof(LookAgainAfter), TimeSpan.FromMinutes(1)),
        };
    }
}
