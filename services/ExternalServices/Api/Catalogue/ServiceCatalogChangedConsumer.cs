using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Messaging;

namespace ExternalServices.Api.Catalogue;

/// <summary>Keeps the copy of the catalogue.</summary>
public sealed class ServiceCatalogChangedConsumer : IStateConsumer<ServiceCatalogChanged>
{
    public Task Apply(Transaction transaction, ServiceCatalogChanged state) => transaction.Execute(
        Upsert,
        new
        {
            state.Code,
            state.Name,
            state.Unit,
            state.Audience,
            state.Active,
            Version = state.AggregateVersion,
            ChangedAt = state.OccurredAt,
        });

    private const string Upsert = """
        insert into catalogue.services (code, name, unit, audience, active, version, changed_at)
        values (@Code, @Name, @Unit, @Audience, @Active, @Version, @ChangedAt)
        on conflict (code) do update
        set name = excluded.name, unit = excluded.unit, audience = excluded.audience, active = excluded.active,
            version = excluded.version, changed_at = excluded.changed_at
        """;
}
