using System.Net;
using Dapper;
using Npgsql;
using Testing;
using Testing.Services;

namespace ExternalServices.Api.Tests.Billing;

public sealed class KilledRunTests
{
    private const int Contracts = 1500;
    private const int Kills = 20;

    /// <summary>Steps so short that a fast machine does not come to the end of them between the kills.</summary>
    private const string ShortSteps = "--Billing:ChunkSize=1";

    [Fact]
    public async Task A_run_killed_at_random_points_makes_the_same_invoices_once()
    {
        await using var calm = await Surroundings.Create();
        await using var stormy = await Surroundings.Create();
        foreach (var surroundings in new[] { calm, stormy }) await ManyContracts.Create(surroundings, Contracts, 3);

        await using (var service = await Start(calm, "--Billing:ChunkSize=400"))
        {
            await StartRun(calm, service);
            await Completed(calm);
        }

        await Storm(stormy);
        var expected = await ManyContracts.Invoices(calm);
        Assert.Equal(Contracts, expected.Length);
        Assert.Equal(expected, await ManyContracts.Invoices(stormy));
        Assert.Equal(
            [.. Enumerable.Range(1, Contracts)],
            expected.Select(invoice => int.Parse(invoice.Split(' ')[0], provider: null)));
    }

    /// <summary>Each time the process has billed something more, it is killed a little later.</summary>
    private static async Task Storm(Surroundings surroundings)
    {
        var random = new Random(20261123);
        var service = await Start(surroundings, ShortSteps);
        await StartRun(surroundings, service);
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = await Done(surroundings);
            await Eventually.Holds(async () => await Done(surroundings) > before || await IsCompleted(surroundings));
            Assert.False(await IsCompleted(surroundings), $"The run ended before kill {kill + 1}.");
            await Task.Delay(random.Next(40));
            await service.Kill();
            await service.DisposeAsync();
            service = ServiceProcess.Launch(
                typeof(ExternalServicesApp).Assembly, [.. surroundings.Settings, ShortSteps]);
        }

        await Completed(surroundings);
        await service.DisposeAsync();
    }

    private static Task<ServiceProcess> Start(Surroundings surroundings, string steps) =>
        ServiceProcess.Start(typeof(ExternalServicesApp).Assembly, surroundings.Settings, [steps]);

    private static async Task StartRun(Surroundings surroundings, ServiceProcess service) =>
        await new ApiClient(service.Client(surroundings.Issuer.Provider())).Post(
            "/external/v1/billing-runs", new { month = "2026-10" }, HttpStatusCode.Accepted, "run");

    private static Task Completed(Surroundings surroundings) => Eventually.Holds(() => IsCompleted(surroundings));

    private static Task<bool> IsCompleted(Surroundings surroundings) =>
        Read<bool>(surroundings, "select state = 'completed' from billing.runs");

    private static Task<int> Done(Surroundings surroundings) =>
        Read<int>(surroundings, "select contracts_done from billing.runs");

    private static async Task<T> Read<T>(Surroundings surroundings, string sql)
    {
        await using var connection = new NpgsqlConnection(surroundings.Database.SuperuserConnectionString);
        return await connection.QuerySingleAsync<T>(sql);
    }
}
