using Npgsql;

namespace ServiceMesh.Data;

/// <summary>Where a service's database is, from the section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "Database";

    private const string AppSuffix = "_app";
    private const int OwnerTimeoutSeconds = 60;

    public string Host { get; set; } = "localhost";

    public int Port { get; set; } = 5432;

    public string Name { get; set; } = "";

    /// <summary>The role that serves: <c>X_app</c>.</summary>
    public string Username { get; set; } = "";

    public string? Password { get; set; }

    public string? PasswordFile { get; set; }

    /// <summary>The role that migrates: <c>X_owner</c>. A serving process does not need it.</summary>
    public string? OwnerUsername { get; set; }

    public string? OwnerPassword { get; set; }

    public string? OwnerPasswordFile { get; set; }

    public int MaxPoolSize { get; set; } = 40;

    /// <summary>The role that transactions of departments and customers take on: <c>X_tenant</c>.</summary>
    public string TenantRole => Username.EndsWith(AppSuffix, StringComparison.Ordinal)
        ? $"{Username[..^AppSuffix.Length]}_tenant"
        : throw new InvalidOperationException($"The database user '{Username}' is not called X{AppSuffix}.");

    /// <summary>For the serving process.</summary>
    public string ConnectionString => Builder(Username, Secret.Of(Password, PasswordFile)).ConnectionString;

    /// <summary>For the migrations, which nobody waits for in front of a screen: a busy server gets its time.</summary>
    public string OwnerConnectionString
    {
        get
        {
            var owner = Builder(
                OwnerUsername ?? throw new InvalidOperationException("Migrating needs Database:OwnerUsername."),
                Secret.Of(OwnerPassword, OwnerPasswordFile));
            owner.Timeout = OwnerTimeoutSeconds;
            return owner.ConnectionString;
        }
    }

    private NpgsqlConnectionStringBuilder Builder(string username, string? password) => new()
    {
        Host = Host,
        Port = Port,
        Database = Name,
        Username = username,
        Password = password,
        ApplicationName = username,
        MaxPoolSize = MaxPoolSize,
        MaxAutoPrepare = 100,
        AutoPrepareMinUsages = 2,
        ArrayNullabilityMode = ArrayNullabilityMode.PerInstance,

        // Otherwise each connection tries Kerberos first, and falls back without its time limit now and then.
        GssEncryptionMode = GssEncryptionMode.Disable,

        // Role and tenant are set for the transaction only, so a returned connection carries no state to reset.
        NoResetOnClose = true,
    };
}
