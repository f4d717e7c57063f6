using System.Text.Json;
using System.Text.Json.Serialization;

namespace InternalServices.Api.Chargeback.Costs;

[JsonSerializable(typeof(RecordCostEntries.Item))]
internal sealed partial class CostJson : JsonSerializerContext
{
    public static CostJson Wire { get; } = new(new JsonSerializerOptions(ServiceMesh.Hosting.Json.Wire.Options));
}
