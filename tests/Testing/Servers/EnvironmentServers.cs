using System.Globalization;

namespace Testing.Servers;

/// <summary>
/// Servers described by variables: the process's own, or the lines of the file that deploy/native writes.
/// </summary>
internal static class EnvironmentServers
{
    public static async Task<TestServers?> Find()
    {
        if (Environment.GetEnvironmentVariable("POSTGRES_HOST") is null) return null;
        var servers = Read(name => Environment.GetEnvironmentVariable(name), "named by the environment");
        await Roles.Ensure(servers.Postgres);
        return servers;
    }

    public static TestServers Read(Func<string, string?> variable, string source)
    {
        var postgres = new PostgresServer(
            Required("POSTGRES_HOST"),
            Port("POSTGRES_PORT", "5432"),
            variable("POSTGRES_USER") ?? "postgres",
            Required("POSTGRES_PASSWORD"),
            variable("SECRETS"));
        var broker = new BrokerServer(
            Required("BROKER_HOST"),
            Port("BROKER_PORT", "5672"),
            Required("BROKER_USER"),
            Required("BROKER_PASSWORD"),
            Port("BROKER_MANAGEMENT_PORT", "15672"));
        return new TestServers(
            postgres,
            broker,
            $"{source} (PostgreSQL {postgres.Host}:{postgres.Port}, RabbitMQ {broker.Host}:{broker.Port})");

        string Required(string name) =>
            variable(name)
            ?? throw new InvalidOperationException($"{name} is not set, while others of the servers' are.");

        int Port(string name, string usual) => int.Parse(variable(name) ?? usual, CultureInfo.InvariantCulture);
    }
}
