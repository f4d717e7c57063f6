using Npgsql;
using ServiceMesh.Data;

namespace Data.Tests;

public sealed class DatabaseOptionsTests
{
    /// <summary>A server that is slow to answer was waited for without end (npgsql/npgsql#6655).</summary>
    [Fact]
    public void No_connection_tries_Kerberos_first()
    {
        var options = new DatabaseOptions { Name = "x", Username = "x_app", OwnerUsername = "x_owner" };
        Assert.All(
            [options.ConnectionString, options.OwnerConnectionString],
            text => Assert.Equal(
                GssEncryptionMode.Disable, new NpgsqlConnectionStringBuilder(text).GssEncryptionMode));
    }
}
