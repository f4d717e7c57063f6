using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ServiceMesh.Hosting.Identity;
using Testing.Services;

namespace Testing.Tests;

public sealed class TestIssuerTests
{
    [Fact]
    public async Task A_service_takes_its_tokens_and_reads_the_caller_from_them()
    {
        await using var issuer = await TestIssuer.Start();
        await using var service = await RunningService.Start(Build, issuer.Settings);
        using var client = service.Client(issuer.Department("SALES", "planner"));

        Assert.Equal("Department SALES tester planner", await client.GetStringAsync("/who"));
    }

    [Fact]
    public async Task A_service_refuses_its_tokens_when_they_are_late_or_meant_for_another()
    {
        await using var issuer = await TestIssuer.Start();
        await using var service = await RunningService.Start(Build, issuer.Settings);
        using var late = service.Client(issuer.Token(CallerKind.Provider, lifetime: TimeSpan.FromMinutes(-1)));
        using var elsewhere = service.Client(issuer.Token(CallerKind.Provider, audiences: ["somebody-else"]));

        Assert.Equal(HttpStatusCode.Unauthorized, (await late.GetAsync("/who")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await elsewhere.GetAsync("/who")).StatusCode);
    }

    private static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddSingleton(Clock.System);
        builder.Services.AddServiceMeshIdentity(builder.Configuration, "internal-services");
        var app = builder.Build();
        app.UseAuthentication().UseAuthorization();
        app.MapGet("/who", Describe).Allow(Callers.Anybody);
        return app;
    }

    private static string Describe(Caller caller) =>
        $"{caller.Kind} {caller.Code} {caller.Subject} {string.Join(' ', caller.Roles)}";
}
