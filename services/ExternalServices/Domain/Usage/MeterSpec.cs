using System.Text.Json.Serialization;
using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Usage;

/// <summary>How a charge makes one quantity of a billing period's usage events.</summary>
/// <param name="Aggregation">A sum unless something else is agreed.</param>
/// <param name="Dimension">
/// Name of the dimension whose different values <see cref="Aggregation.Unique"/> counts; null otherwise.
/// </param>
public sealed record MeterSpec(Aggregation Aggregation = Aggregation.Sum, string? Dimension = null)
{
    private const int MaxDimensionLength = 100;

    /// <summary>Σ quantity.</summary>
    public static MeterSpec Sum { get; } = new();

    /// <summary>Whether what stood before a period goes on in it.</summary>
    [JsonIgnore]
    public bool HasLevel => Aggregation is Aggregation.Last or Aggregation.TimeWeighted;

    /// <summary>What makes it unusable: <c>dimension-missing</c>, <c>dimension-unused</c>.</summary>
    public IEnumerable<FieldRefusal> Check()
    {
        if (Aggregation == Aggregation.Unique && (string.IsNullOrWhiteSpace(Dimension) || IsTooLong))
        {
            yield return new FieldRefusal(
                "/dimension",
                "dimension-missing",
                $"Unique counts the values of a dimension: its name has 1 to {MaxDimensionLength} characters.");
        }

        if (Aggregation != Aggregation.Unique && Dimension is not null)
        {
            yield return new FieldRefusal("/dimension", "dimension-unused", "Only unique looks at a dimension.");
        }
    }

    private bool IsTooLong => Dimension?.Length > MaxDimensionLength;
}
