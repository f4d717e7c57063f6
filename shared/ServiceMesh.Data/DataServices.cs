using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceMesh.Data.Mapping;

namespace ServiceMesh.Data;

public static class DataServices
{
    /// <summary>Registers <see cref="Database"/> over the section <c>Database</c>; the clock is the host's.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="configuration">Holds the section.</param>
    /// <param name="types">The assemblies whose enums are stored as text.</param>
    public static IServiceCollection AddServiceMeshData(
        this IServiceCollection services, IConfiguration configuration, params Assembly[] types)
    {
        Columns.Register(types);
        var options = configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new DatabaseOptions();
        services.AddSingleton(options);
        services.AddSingleton(provider => new NpgsqlDataSourceBuilder(options.ConnectionString)
            .UseLoggerFactory(provider.GetService<ILoggerFactory>())
            .Build());
        services.AddSingleton<Database>();
        return services;
    }
}
