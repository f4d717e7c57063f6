using System.Text.Json;
using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Usage;

/// <summary>An item of a batch of usage that is sound by itself.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Month">Where it lands.</param>
internal sealed record UsageRow(
    int Index,
    string Source,
    string Id,
    string Department,
    string Service,
    DateTimeOffset At,
    decimal Quantity,
    Period Month,
    Period OriginMonth);

/// <summary>What stands in the books under the key of an item.</summary>
internal sealed record StandingUsage
{
    public required string Source { get; init; }

    public required string Id { get; init; }

    public required string Department { get; init; }

    public required string Service { get; init; }

    public required DateTimeOffset At { get; init; }

    public required decimal Quantity { get; init; }

    /// <summary>By this transaction.</summary>
    public required bool Written { get; init; }

    public bool Says(UsageRow row) =>
        Department == row.Department && Service == row.Service && At == row.At && Quantity == row.Quantity;
}

[JsonSerializable(typeof(RecordUsage.Item))]
internal sealed partial class UsageJson : JsonSerializerContext
{
    public static UsageJson Wire { get; } = new(new JsonSerializerOptions(ServiceMesh.Hosting.Json.Wire.Options));
}
