namespace ServiceMesh.Messaging;

/// <summary>
/// The service's name as the broker knows it: the prefix of its queues, for example <c>internal-services</c>.
/// </summary>
internal sealed record ServiceName(string Value)
{
    public override string ToString() => Value;
}
