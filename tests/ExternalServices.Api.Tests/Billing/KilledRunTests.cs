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
    private const int Seed = 20261123;

    /// <summary>Contracts that a process may bill past the point at which it is to be killed.</summary>
    private const int Ahead = 40;

    /// <summary>
    /// Holds a step that would go past the limit, so that no machine is so fast that the run ends between the kills.
    /// </summary>
    private const string Brake = """
        create table public.brake (contracts int not null);
        insert into public.brake values (0);
        create function public.brake() returns trigger language plpgsql security definer as $$
        begin
            while new.contracts_done > (select contracts from public.brake) loop
                perform pg_sleep(0.002);
            end loop;
            return new;
        end $$;
        create trigger brake before update on billing.runs for each row execute function public.brake();
        """;

    private const string ShortSteps = "--Billing:ChunkSize=5";

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

    /// <summary>
    /// Each process is killed a little after it has come to its point, wherever in a step it is then.
    /// </summary>
    private static async Task Storm(Surroundings surroundings)
    {
        var random = new Random(Seed);
        int[] points = [.. Enumerable.Range(0, Kills).Select(_ => random.Next(Contracts - Ahead)).Order()];
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {Seed}, killed at {string.Join(", ", points)}");
        await surroundings.Sql(Brake);
        var service = await Start(surroundings, ShortSteps);
        await StartRun(surroundings, service);
        foreach (var point in points)
        {
            await Release(surroundings, point + Ahead);
            await Eventually.Holds(async () => await Done(surroundings) >= point);
            await Task.Delay(random.Next(40));
            await service.Kill();
            await service.DisposeAsync();
            Assert.InRange(await Done(surroundings), point, point + Ahead);
            service = ServiceProcess.Launch(
                typeof(ExternalServicesApp).Assembly, [.. surroundings.Settings, ShortSteps]);
        }

        await Release(surroundings, Contracts);
        await Completed(surroundings);
        await service.DisposeAsync();
    }

    private static Task Release(Surroundings surroundings, int contracts) =>
        surroundings.Sql($"update public.brake set contracts = {contracts}");

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
