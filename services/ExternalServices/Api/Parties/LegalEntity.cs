using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>A company of the provider that invoices.</summary>
public sealed record LegalEntity
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required Address Address { get; init; }

    /// <summary>ISO 3166-1 alpha-2; decides with the customer's country on the tax.</summary>
    public required string Country { get; init; }

    public required string? VatId { get; init; }

    /// <summary>The currency of its books.</summary>
    public required Currency Currency { get; init; }

    /// <summary>IANA; its issue dates are days there.</summary>
    public required string Zone { get; init; }

    /// <summary>Grows with each edit; the ETag. Documents keep the version they were made with.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>As it is stored: the address in columns.</summary>
internal sealed record LegalEntityRow
{
    public required string Code { get; init; }

    public required string Name { get; init; }

    public required string Street { get; init; }

    public required string City { get; init; }

    public required string PostalCode { get; init; }

    public required string Country { get; init; }

    public required string? VatId { get; init; }

    public required Currency Currency { get; init; }

    public required string Zone { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public LegalEntity ToLegalEntity() => new()
    {
        Code = Code,
        Name = Name,
        Address = new Address { Street = Street, City = City, PostalCode = PostalCode },
        Country = Country,
        VatId = VatId,
        Currency = Currency,
        Zone = Zone,
        Version = Version,
        CreatedAt = CreatedAt,
        ChangedAt = ChangedAt,
    };
}
