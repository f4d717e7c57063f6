using RabbitMQ.Client;

namespace ServiceMesh.Messaging;

/// <summary>Where the broker is, from the section <c>Broker</c>.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    public string Host { get; set; } = "localhost";

    public ushort Port { get; set; } = 5672;

    public string VirtualHost { get; set; } = "/";

    public string Username { get; set; } = "";

    public string? Password { get; set; }

    public string? PasswordFile { get; set; }

    internal string? Secret => Data.Secret.Of(Password, PasswordFile);

    /// <summary>
    /// A connection of its own, which does not come back by itself: its user knows what was under way.
    /// </summary>
    /// <param name="name">What an operator sees it is for.</param>
    /// <param name="cancellation">Stops trying.</param>
    internal Task<IConnection> Connect(string name, CancellationToken cancellation) => new ConnectionFactory
    {
        HostName = Host,
        Port = Port,
        VirtualHost = VirtualHost,
        UserName = Username,
        Password = Secret ?? "",
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
    }.CreateConnectionAsync(cancellation);
}
