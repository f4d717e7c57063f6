using System.Net;
using Gateway.Tests.Fixtures;
using Testing;
using Testing.Services;

namespace Gateway.Tests;

/// <summary>Replicas come, go and come back.</summary>
public sealed class FailoverTests(Mesh mesh)
{
    [Fact]
    public async Task Both_replicas_get_requests()
    {
        await using var replicas = await Replicas.Start(mesh);
        using var client = replicas.Gateway.Client(mesh.Forge.Write());

        await Eventually.Gives(
            async () => (await client.Arrival("/internal/v1/x")).Replica, replica => replica == "one");
        await Eventually.Gives(
            async () => (await client.Arrival("/internal/v1/x")).Replica, replica => replica == "two");
    }

    [Fact]
    public async Task A_replica_that_dies_costs_no_request_and_not_even_a_post()
    {
        await using var replicas = await Replicas.Start(mesh);
        using var client = replicas.Gateway.Client(mesh.Forge.Write());

        await replicas.One.Stop();

        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.PostAsync("/internal/v1/x", new StringContent("body"));
            var arrival = await answer.Arrival();
            Assert.Equal(("two", 4), (arrival.Replica, arrival.BodyLength));
        }
    }

    [Fact]
    public async Task A_replica_whose_address_is_gone_costs_no_request_and_not_even_a_post()
    {
        using var gone = await SilentAddress.Take();
        await using var gateway = await mesh.StartGateway(
            $"--Gateway:InternalServices:0={gone.Address}",
            $"--Gateway:InternalServices:1={mesh.Internal.Address}");
        using var client = gateway.Client(mesh.Forge.Write());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using var answer = await client.PostAsync("/internal/v1/x", new StringContent("body"));
            return await answer.Arrival();
        }));

        Assert.All(answers, arrival => Assert.Equal(("internal", 4), (arrival.Replica, arrival.BodyLength)));
    }

    [Fact]
    public async Task Where_nobody_takes_a_connection_the_service_is_unavailable_and_has_not_timed_out()
    {
        using var gone = await SilentAddress.Take();
        await using var gateway = await mesh.StartGateway($"--Gateway:InternalServices:0={gone.Address}");
        using var client = gateway.Client(mesh.Forge.Write());

        using var answer = await client.GetAsync("/internal/v1/x");

        await answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
    }

    [Fact]
    public async Task When_no_replica_is_left_the_answer_says_so_and_when_to_come_back()
    {
        await using var replicas = await Replicas.Start(mesh);
        using var client = replicas.Gateway.Client(mesh.Forge.Write());

        await replicas.One.Stop();
        await replicas.Two.Stop();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await client.GetAsync("/internal/v1/x");
            var problem = await answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.Contains("internal-services", problem["detail"]!.GetValue<string>(), StringComparison.Ordinal);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal("external", (await client.Arrival("/external/v1/x")).Replica);

        await replicas.Two.Restart();
        await Eventually.Gives(
            async () => (await client.GetAsync("/internal/v1/x")).StatusCode, status => status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_replica_that_is_not_ready_gets_nothing()
    {
        await using var replicas = await Replicas.Start(mesh);
        using var client = replicas.Gateway.Client(mesh.Forge.Write());

        replicas.One.IsReady = false;

        await Eventually.Passes(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                Assert.Equal("two", (await client.Arrival("/internal/v1/x")).Replica);
            }
        });
    }

    [Fact]
    public async Task A_name_stands_for_all_of_its_addresses()
    {
        await using var gateway = await mesh.StartGateway(
            $"--Gateway:InternalServices:0=http://localhost:{mesh.Internal.Address.Port}");
        using var client = gateway.Client(mesh.Forge.Write());

        var arrival = await client.Arrival("/internal/v1/x");

        Assert.Equal($"localhost:{mesh.Internal.Address.Port}", arrival.Header("Host"));
    }

    [Fact]
    public async Task A_name_that_nobody_answers_to_yet_does_not_keep_the_gateway_from_starting()
    {
        await using var gateway = await mesh.StartGateway("--Gateway:InternalServices:0=http://not-yet.invalid:8080");
        using var client = gateway.Client(mesh.Forge.Write());

        using var answer = await client.GetAsync("/internal/v1/x");

        await answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal("external", (await client.Arrival("/external/v1/x")).Replica);
    }

    private sealed record Replicas(FakeService One, FakeService Two, RunningService Gateway) : IAsyncDisposable
    {
        public static async Task<Replicas> Start(Mesh mesh)
        {
            var one = await FakeService.Start("one");
            var two = await FakeService.Start("two");
            return new Replicas(one, two, await mesh.StartGateway(
                $"--Gateway:InternalServices:0={one.Address}", $"--Gateway:InternalServices:1={two.Address}"));
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await One.DisposeAsync();
            await Two.DisposeAsync();
        }
    }
}
