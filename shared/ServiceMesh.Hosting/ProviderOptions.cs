using Microsoft.Extensions.Configuration;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting;

/// <summary>
/// The service provider whose business this is: both services are given the same, from the section <c>Provider</c>.
/// </summary>
public sealed record ProviderOptions
{
    private const string Section = "Provider";

    /// <summary>Stands at the head of printed documents.</summary>
    public required string Name { get; init; }

    /// <summary>Cost months are months of this zone.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>The books are kept in this currency.</summary>
    public required Currency Currency { get; init; }

    public static ProviderOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return new ProviderOptions
        {
            Name = section[nameof(Name)] ?? "IT services",
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(section[nameof(TimeZone)] ?? "Europe/Madrid"),
            Currency = Currency.Of(section[nameof(Currency)] ?? "USD"),
        };
    }
}
