using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Organisation;

/// <summary>Adds a service to the catalogue and tells the external side.</summary>
public static class RegisterService
{
    public sealed record Request
    {
        /// <summary>Names the service for ever, for example <c>STORAGE</c>.</summary>
        public required string Code { get; init; }

        public required string Name { get; init; }

        /// <summary>What one unit of use is; it never changes, because recorded quantities are in it.</summary>
        public required string Unit { get; init; }

        /// <summary>Code of the internal department that provides it.</summary>
        public required string OwnerDepartment { get; init; }

        public required Audience Audience { get; init; }

        public required Charging Charging { get; init; }

        public required Pricing Pricing { get; init; }
    }

    public static Task<IResult> Handle(Request body, Once once, Outbox outbox, CancellationToken cancellationToken) =>
        once.Run(
            transaction => Register(transaction, body, outbox),
            service => Answer.Created($"/internal/v1/services/{service.Code}", service) with
            {
                Version = service.Version,
            },
            cancellationToken);

    private static async Task<Outcome<Service>> Register(Transaction transaction, Request body, Outbox outbox)
    {
        var fields = new Fields()
            .Code("/code", body.Code)
            .Text("/name", body.Name)
            .Text("/unit", body.Unit, MaxUnitLength);
        if (fields.Refusal is { } refusal) return refusal;
        if (await OwnerRule.Check(transaction, body.OwnerDepartment) is { } unsound) return unsound;

        var service = await transaction.SingleOrDefault<Service>(
            Insert,
            new
            {
                body.Code,
                body.Name,
                body.Unit,
                body.OwnerDepartment,
                body.Audience,
                body.Charging,
                body.Pricing,
                transaction.Now,
            });
        if (service is null)
        {
            return Refusal.Conflict("service-exists", $"There is a service '{body.Code}' already.");
        }

        await outbox.Add(transaction, service.Changed());
        return service;
    }

    private const int MaxUnitLength = 40;

    private const string Insert = """
        insert into organisation.services (
            code, name, unit, owner_department, audience, charging, pricing, active, version, created_at, changed_at)
        values (
            @Code, @Name, @Unit, @OwnerDepartment, @Audience, @Charging, @Pricing, true, 1, @Now, @Now)
        on conflict (code) do nothing
        returning code, name, unit, owner_department, audience, charging, pricing, active, version, created_at,
            changed_at
        """;
}
