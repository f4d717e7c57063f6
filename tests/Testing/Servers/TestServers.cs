namespace Testing.Servers;

/// <summary>
/// The PostgreSQL and the RabbitMQ that the tests use, found once per process in this order: what the environment
/// names; containers when an engine answers; private servers from the system's packages. The variable
/// <c>TEST_SERVERS</c> (<c>containers</c> or <c>native</c>) names one way and excludes the others.
/// </summary>
public sealed record TestServers(PostgresServer Postgres, BrokerServer Broker, string Source)
{
    private static readonly Lazy<Task<TestServers>> Found = new(Search);

    public static Task<TestServers> Find() => Found.Value;

    private static async Task<TestServers> Search()
    {
        var wanted = Environment.GetEnvironmentVariable("TEST_SERVERS");
        var reasons = new List<string>();
        foreach (var (name, find) in Ways())
        {
            if (!string.IsNullOrEmpty(wanted) && wanted != name) continue;
            try
            {
                if (await find() is not { } servers) continue;
                Say(servers.Source);
                return servers;
            }
            catch (Exception failure)
            {
                reasons.Add($"{name}: {failure.Message}");
                Say($"{name}: {failure.Message}");
            }
        }

        throw new InvalidOperationException(
            $"""
            The tests need a PostgreSQL and a RabbitMQ and found none. {string.Join(" ", reasons)}
            Name them by POSTGRES_HOST, POSTGRES_PORT, POSTGRES_USER, POSTGRES_PASSWORD, BROKER_HOST, BROKER_PORT,
            BROKER_USER, BROKER_PASSWORD and BROKER_MANAGEMENT_PORT, start a Docker engine, or run
            deploy/native start .run/tests --scratch.
            """);
    }

    private static IEnumerable<(string Name, Func<Task<TestServers?>> Find)> Ways() =>
    [
        ("environment", EnvironmentServers.Find),
        ("containers", ContainerServers.Find),
        ("native", NativeServers.Find),
    ];

    /// <summary>
    /// To the console, and to a file where many test programs run at once and their consoles are not shown.
    /// </summary>
    private static void Say(string what)
    {
        var line = $"Test servers: {what}{Environment.NewLine}";
        Console.Write(line);
        if (Environment.GetEnvironmentVariable("TEST_SERVERS_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, line);
        }
    }
}
