using ServiceMesh.Primitives;

namespace ExternalServices.Api.Parties;

/// <summary>A company that pays.</summary>
public sealed record Customer
{
    public required string Code { get; init; }

    /// <summary>Code of the legal entity that invoices it.</summary>
    public required string LegalEntity { get; init; }

    public required string Name { get; init; }

    public required Address Address { get; init; }

    /// <summary>ISO 3166-1 alpha-2; decides with the legal entity's country on the tax.</summary>
    public required string Country { get; init; }

    public required string? VatId { get; init; }

    /// <summary>Where invoices are announced.</summary>
    public required string? Email { get; init; }

    /// <summary>Its contracts and invoices are in this currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>IANA; billing days are days there.</summary>
    public required string Zone { get; init; }

    /// <summary>Its documents are printed in this language.</summary>
    public required Language Language { get; init; }

    /// <summary>Days from the date of issue until an invoice is due.</summary>
    public required int PaymentTermsDays { get; init; }

    /// <summary>Grows with each edit; the ETag. Documents keep the version they were made with.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>Languages of printed documents, by ISO 639-1.</summary>
public enum Language
{
    /// <summary>English.</summary>
    En,

    /// <summary>Spanish.</summary>
    Es,
}

/// <summary>As it is stored: the address in columns.</summary>
internal sealed record CustomerRow
{
    public required string Code { get; init; }

    public required string LegalEntity { get; init; }

    public required string Name { get; init; }

    public required string Street { get; init; }

    public required string City { get; init; }

    public required string PostalCode { get; init; }

    public required string Country { get; init; }

    public required string? VatId { get; init; }

    public required string? Email { get; init; }

    public required Currency Currency { get; init; }

    public required string Zone { get; init; }

    public required Language Language { get; init; }

    public required int PaymentTermsDays { get; init; }

    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public Customer ToCustomer() => new()
    {
        Code = Code,
        LegalEntity = LegalEntity,
        Name = Name,
        Address = new Address { Street = Street, City = City, PostalCode = PostalCode },
        Country = Country,
        VatId = VatId,
        Email = Email,
        Currency = Currency,
        Zone = Zone,
        Language = Language,
        PaymentTermsDays = PaymentTermsDays,
        Version = Version,
        CreatedAt = CreatedAt,
        ChangedAt = ChangedAt,
    };
}
