using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>Changes a service of the catalogue and tells the external side.</summary>
public static class EditService
{
    public sealed record Request
    {
        public required string Name { get; init; }

        /// <summary>Code of the internal department that provides it.</summary>
        public required string OwnerDepartment { get; init; }

        public required Audience Audience { get; init; }

        public required Charging Charging { get; init; }

        public required Pricing Pricing { get; init; }

        /// <summary>A service that is not active keeps its history; new usage may not name it.</summary>
        public required bool Active { get; init; }
    }

    public static async Task<IResult> Handle(
        string code,
        Request body,
        IfMatch ifMatch,
        Database database,
        Outbox outbox,
        CancellationToken cancellationToken) =>
        Answer.Of(
            await database.InTransaction(
                Tenant.Provider, transaction => Edit(transaction, code, body, ifMatch, outbox), cancellationToken),
            service => Answer.Ok(service) with { Version = service.Version });

    private static async Task<Outcome<Service>> Edit(
        Transaction transaction, string code, Request body, IfMatch ifMatch, Outbox outbox)
    {
        if (new Fields().Text("/name", body.Name).Refusal is { } refusal) return refusal;
        if (await OwnerRule.Check(transaction, body.OwnerDepartment) is { } unsound) return unsound;
        if (await transaction.SingleOrDefault<long?>(SelectForUpdate, new { Code = code }) is not { } version)
        {
            return Refusal.NotFound("service", code);
        }

        if (ifMatch.Check(version) is { } stale) return stale;
        var service = await transaction.Single<Service>(
            Update,
            new
            {
                Code = code,
                body.Name,
                body.OwnerDepartment,
                body.Audience,
                body.Charging,
                body.Pricing,
                body.Active,
                transaction.Now,
            });
        await outbox.Add(transaction, service.Changed());
        return service;
    }

    private const string SelectForUpdate = "select version from organisation.services where code = @Code for update";

    private const string Update = """
        update organisation.services
        set name = @Name, owner_department = @OwnerDepartment, audience = @Audience, charging = @Charging,
            pricing = @Pricing, active = @Active, version = version + 1, changed_at = @Now
        where code = @Code
        returning code, name, unit, owner_department, audience, charging, pricing, active, version, created_at,
            changed_at
        """;
}
