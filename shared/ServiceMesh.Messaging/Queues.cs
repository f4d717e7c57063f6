namespace ServiceMesh.Messaging;

/// <summary>
/// The arguments of every kind of queue. Declaring a queue again with others is an error of the broker.
/// </summary>
internal static class Queues
{
    /// <summary>Kept for integrators: the newest of the events that no service of the mesh consumes.</summary>
    public const string Unconsumed = "unconsumed";

    /// <summary>
    /// Deliveries that ended with their consumer's process; a message that always does that is set aside.
    /// </summary>
    private const int DeliveriesAtMost = 10;

    /// <summary>Looking at a message of a quorum queue counts as a delivery: operators may look very often.</summary>
    private const int LooksAtMost = 1_000_000;

    private const int UnconsumedMessages = 100_000;

    private const string Type = "x-queue-type";
    private const string DeliveryLimit = "x-delivery-limit";
    private const string DeadLetterExchange = "x-dead-letter-exchange";
    private const string DeadLetterStrategy = "x-dead-letter-strategy";
    private const string Overflow = "x-overflow";

    public static string DeadLetter(ServiceName service) => $"{service}.dead-letter";

    /// <summary>The consumers' library names them so.</summary>
    public static string Error(string queue) => $"{queue}_error";

    public static string Skipped(string queue) => $"{queue}_skipped";

    /// <summary>A consumer's queue. A message leaves for the dead-letter queue only when that one has it.</summary>
    public static Dictionary<string, object?> Consumer(ServiceName service) => new()
    {
        [Type] = "quorum",
        [DeliveryLimit] = DeliveriesAtMost,
        [DeadLetterExchange] = DeadLetter(service),
        [DeadLetterStrategy] = "at-least-once",
        [Overflow] = "reject-publish",
    };

    /// <summary>A queue of messages that wait for an operator.</summary>
    public static Dictionary<string, object?> SetAside => new() { [Type] = "quorum", [DeliveryLimit] = LooksAtMost };

    /// <summary>What such a queue must not inherit from the queue that its messages come from.</summary>
    public static IReadOnlyList<string> NotInherited => [DeadLetterExchange, DeadLetterStrategy, Overflow];

    public static Dictionary<string, object?> LengthLimited => new(SetAside)
    {
        ["x-max-length"] = UnconsumedMessages,
        [Overflow] = "drop-head",
    };
}
