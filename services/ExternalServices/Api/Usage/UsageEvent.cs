using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExternalServices.Api.Usage;

/// <summary>One use of a service by a customer, as its source reports it.</summary>
public sealed record UsageEvent
{
    /// <summary>The system that measured it, for example <c>storage-meter</c>; at most 64 characters.</summary>
    public required string Source { get; init; }

    /// <summary>Unique per customer and source for ever; at most 128 characters.</summary>
    public required string Id { get; init; }

    /// <summary>Code of the customer.</summary>
    public required string Customer { get; init; }

    /// <summary>Code of a service that is offered to customers.</summary>
    public required string Service { get; init; }

    /// <summary>When it happened, RFC 3339 with offset; at most five minutes ahead.</summary>
    public required string At { get; init; }

    /// <summary>A decimal in the service's unit, not negative: up to 9 digits before and 15 after the point.</summary>
    public required string Quantity { get; init; }

    /// <summary>What else is known, for example a region; at most 20 pairs.</summary>
    public IReadOnlyDictionary<string, string>? Dimensions { get; init; }
}

/// <summary>The form of the API for what arrives in bulk, made at compile time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    PropertyNameCaseInsensitive = false,
    NumberHandling = JsonNumberHandling.Strict,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(UsageEvent))]
internal sealed partial class UsageJson : JsonSerializerContext;
