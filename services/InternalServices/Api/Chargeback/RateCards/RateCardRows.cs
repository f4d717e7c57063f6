using InternalServices.Domain.Chargeback.Runs;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.RateCards;

/// <summary>Rate cards as they are stored.</summary>
internal static class RateCardRows
{
    /// <summary>The versions of a service before this one, the latest first.</summary>
    public static Task<IReadOnlyList<PriceList>> LoadPage(
        Transaction transaction, string service, long before, int fetch) =>
        WithTiers(
            transaction,
            transaction.Query<Row>(SelectPage, new { Service = service, Before = before, Fetch = fetch }));

    public static async Task<PriceList?> Load(Transaction transaction, string service, long version) =>
        (await WithTiers(transaction, transaction.Query<Row>(Select, new { Service = service, Version = version })))
            .SingleOrDefault();

    /// <summary>Of every service, the one that prices the month.</summary>
    public static Task<IReadOnlyList<PriceList>> LoadValid(Transaction transaction, Period month) =>
        WithTiers(transaction, transaction.Query<Row>(SelectValid, new { Month = month }));

    public static async Task Save(Transaction transaction, PriceList card)
    {
        await transaction.Execute(
            Insert,
            new
            {
                card.Service,
                card.Version,
                card.ValidFrom,
                card.ValidTo,
                card.Mode,
                card.Difference,
                card.CreatedAt,
                card.CreatedBy,
            });
        await transaction.Execute(
            InsertTiers,
            new
            {
                card.Service,
                card.Version,
                UpTos = card.Tiers.Select(tier => tier.UpTo).ToArray(),
                UnitPrices = card.Tiers.Select(tier => tier.UnitPrice).ToArray(),
                FlatFees = card.Tiers.Select(tier => tier.FlatFee).ToArray(),
            });
    }

    private static async Task<IReadOnlyList<PriceList>> WithTiers(
        Transaction transaction, Task<IReadOnlyList<Row>> loading)
    {
        var rows = await loading;
        var tiers = (await transaction.Query<TierRow>(
            SelectTiers,
            new
            {
                Services = rows.Select(row => row.Service).ToArray(),
                Versions = rows.Select(row => row.Version).ToArray(),
            })).ToLookup(row => (row.Service, row.Version), row => row.ToTier());
        return [.. rows.Select(row => row.ToPriceList([.. tiers[(row.Service, row.Version)]]))];
    }

    private sealed record Row
    {
        public required string Service { get; init; }

        public required long Version { get; init; }

        public required Period ValidFrom { get; init; }

        public Period? ValidTo { get; init; }

        public required RateMode Mode { get; init; }

        public required DifferencePolicy Difference { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required string CreatedBy { get; init; }

        public PriceList ToPriceList(IReadOnlyList<PriceList.Tier> tiers) => new()
        {
            Service = Service,
            Version = Version,
            ValidFrom = ValidFrom,
            ValidTo = ValidTo,
            Mode = Mode,
            Tiers = tiers,
            Difference = Difference,
            CreatedAt = CreatedAt,
            CreatedBy = CreatedBy,
        };
    }

    private sealed record TierRow
    {
        public required string Service { get; init; }

        public required long Version { get; init; }

        public decimal? UpTo { get; init; }

        public required decimal UnitPrice { get; init; }

        public required decimal FlatFee { get; init; }

        public PriceList.Tier ToTier() => new() { UpTo = UpTo, UnitPrice = UnitPrice, FlatFee = FlatFee };
    }

    private const string SelectPage = """
        select service_code as service, version, valid_from, valid_to, mode, difference, created_at, created_by
        from chargeback.rate_cards
        where service_code = @Service and version < @Before
        order by version desc
        limit @Fetch
        """;

    private const string Select = """
        select service_code as service, version, valid_from, valid_to, mode, difference, created_at, created_by
        from chargeback.rate_cards
        where service_code = @Service and version = @Version
        """;

    private const string SelectValid = """
        select service_code as service, version, valid_from, valid_to, mode, difference, created_at, created_by
        from chargeback.rate_cards
        where valid_from <= @Month and (valid_to is null or @Month < valid_to)
        """;

    private const string SelectTiers = """
        select service_code as service, version, trim_scale(up_to) as up_to, trim_scale(unit_price) as unit_price,
            trim_scale(flat_fee) as flat_fee
        from chargeback.rate_card_tiers
        where (service_code, version) in (
            select service, version from unnest(@Services, @Versions) as asked (service, version))
        order by service_code, version, position
        """;

    private const string Insert = """
        insert into chargeback.rate_cards (
            service_code, version, valid_from, valid_to, mode, difference, created_at, created_by)
        values (@Service, @Version, @ValidFrom, @ValidTo, @Mode, @Difference, @CreatedAt, @CreatedBy)
        """;

    private const string InsertTiers = """
        insert into chargeback.rate_card_tiers (service_code, version, position, up_to, unit_price, flat_fee)
        select @Service, @Version, number, up_to, unit_price, flat_fee
        from unnest(@UpTos, @UnitPrices, @FlatFees) with ordinality as tier (up_to, unit_price, flat_fee, number)
        """;
}
