using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using ServiceMesh.Hosting.Operations;

namespace ServiceMesh.Hosting;

/// <summary>
/// The commands of a service's executable: nothing serves, <c>migrate</c> prepares database and broker and ends,
/// <c>health</c> asks the serving process beside it whether it is ready.
/// </summary>
public static class ServiceCommands
{
    private const string Migrate = "migrate";
    private const string AskHealth = "health";

    private static readonly TimeSpan HealthTimeout = TimeSpan.FromSeconds(5);

    /// <returns>The exit code: 0 when the command succeeded.</returns>
    public static async Task<int> Run(
        string[] args, Func<string[], WebApplication> build, Func<WebApplication, CancellationToken, Task> migrate)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(build);
        ArgumentNullException.ThrowIfNull(migrate);
        var command = args is [var first, ..] && !first.StartsWith('-') ? first : null;
        var settings = command is null ? args : args[1..];
        switch (command)
        {
            case null:
                await using (var app = build(settings))
                {
                    await app.RunAsync();
                }

                return 0;

            case Migrate:
                return await RunMigration(build(settings), migrate);

            case AskHealth:
                return await AskReadiness(settings);

            default:
                await Console.Error.WriteLineAsync(
                    $"Unknown command '{command}'. Commands: (none), {Migrate}, {AskHealth}.");
                return 2;
        }
    }

    private static async Task<int> RunMigration(
        WebApplication app, Func<WebApplication, CancellationToken, Task> migrate)
    {
        await using (app)
        {
            using var stop = new CancellationTokenSource();
            Console.CancelKeyPress += (_, pressed) =>
            {
                pressed.Cancel = true;
                stop.Cancel();
            };
            await migrate(app, stop.Token);
            return 0;
        }
    }

    private static async Task<int> AskReadiness(string[] args)
    {
        var configuration = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables().AddCommandLine(args).Build();
        var port = BindingAddress.Parse((configuration["URLS"] ?? "http://localhost:8080").Split(';')[0]).Port;
        using var client = new HttpClient { Timeout = HealthTimeout };
        try
        {
            using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{Health.ReadyPath}"));
            Console.Write(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync($"No answer on port {port}: {unreachable.Message}");
            return 1;
        }
    }
}
