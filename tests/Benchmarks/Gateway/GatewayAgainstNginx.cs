using System.Diagnostics;
using EndToEnd.Tests;
using Testing;
using Testing.Services;

namespace Benchmarks;

/// <summary>The gateway with token and rate limit against nginx as a plain proxy, before the same service.</summary>
internal static class GatewayAgainstNginx
{
    private const string Path = "/internal/v1/plain";
    private const string NoLimitReached = "1000000000";

    // Until the compiler has seen which paths are hot, and has compiled them again.
    private const int WarmUps = 4;

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var service = await PlainService.Start();
        await using var nginx = await Nginx.Start(service.Address);
        await using var mesh = await Mesh.Start();
        using var administrator = await mesh.Client();
        var token = administrator.DefaultRequestHeaders.Authorization!.Parameter!;
        var address = new Uri($"http://127.0.0.1:{ServiceProcess.FreePort()}");
        using var gateway = await StartGateway(mesh, service.Address, address);
        try
        {
            return await Compare(
                new Proxy(gateway.Id, new Uri(address, Path)),
                new Proxy(nginx.Process, new Uri(nginx.Address, Path)),
                new Uri(service.Address, Path),
                token);
        }
        finally
        {
            gateway.Kill();
            await gateway.WaitForExitAsync();
        }
    }

    private sealed record Proxy(int Process, Uri Url)
    {
        public List<double> CpuMicroseconds { get; } = [];

        public async Task<double> RequestsPerSecond(string token)
        {
            var before = Tool.CpuOf(Process);
            var run = await Wrk.Saturate(Url, token);
            CpuMicroseconds.Add((Tool.CpuOf(Process) - before).TotalMicroseconds / run.Requests);
            return run.RequestsPerSecond;
        }
    }

    private static async Task<IReadOnlyList<Figure>> Compare(Proxy gateway, Proxy nginx, Uri direct, string token)
    {
        for (var i = 0; i < WarmUps; i++) await Wrk.Saturate(gateway.Url, token);
        var (ours, peer, ratio) = await Pairs.Measure(
            () => gateway.RequestsPerSecond(token), () => nginx.RequestsPerSecond(token));
        var cpu = gateway.CpuMicroseconds.Zip(nginx.CpuMicroseconds).Skip(1).Select(pair => pair.First / pair.Second);

        var half = ours / 2;
        var (through, without, _) = await Pairs.Measure(
            () => PacedLoad.P99(gateway.Url, token, half), () => PacedLoad.P99(direct, token, half));
        return
        [
            new("gateway: 1 KiB answers, against nginx", $"{ours:N0}/s", $"{peer:N0}/s", $"{ratio:F2}", "≥ 0.6"),
            new(
                "gateway: CPU per request, against nginx",
                $"{Pairs.Median(gateway.CpuMicroseconds.Skip(1)):F0} µs",
                $"{Pairs.Median(nginx.CpuMicroseconds.Skip(1)):F0} µs",
                $"{Pairs.Median(cpu):F2}",
                "≤ 2.2"),
            new(
                $"gateway: p99 at half load ({half:N0}/s), against the service itself",
                $"{through:F2} ms", $"{without:F2} ms", $"+{through - without:F2} ms", "≤ +1 ms"),
        ];
    }

    private static async Task<Process> StartGateway(Mesh mesh, Uri service, Uri address)
    {
        var settings = mesh.Executables().Single(executable => executable.Name == "gateway").Settings;
        var gateway = Process.Start("dotnet",
        [
            await Publishing.PathOf("gateway", "Gateway.dll"),
            .. settings,
            $"--Gateway:InternalServices:0={service}",
            $"--Gateway:RateLimit:RequestsPerSecond={NoLimitReached}",
            $"--Gateway:RateLimit:Burst={NoLimitReached}",
            $"--urls={address}",
        ]);
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.Holds(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        return gateway;
    }
}
