using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Usage;

/// <summary>Tells the sound items of a batch from those that break a rule.</summary>
internal sealed class UsageReader
{
    private const int MaxKeyLength = 200;

    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly HashSet<string> _departments;
    private readonly HashSet<string> _services;
    private readonly TimeZoneInfo _zone;
    private readonly DateTimeOffset _latest;

    private UsageReader(
        HashSet<string> departments, HashSet<string> services, TimeZoneInfo zone, DateTimeOffset latest) =>
        (_departments, _services, _zone, _latest) = (departments, services, zone, latest);

    /// <summary>Looks up the departments and services that the items name, once for all of them.</summary>
    public static async Task<UsageReader> For(
        Transaction transaction, IReadOnlyList<RecordUsage.Item> items, TimeZoneInfo zone)
    {
        var departments = items.Select(item => item.Department).Distinct(StringComparer.Ordinal).Where(IsKey).ToArray();
        var services = items.Select(item => item.Service).Distinct(StringComparer.Ordinal).Where(IsKey).ToArray();
        return new UsageReader(
            [.. await transaction.Query<string>(SelectDepartments, new { Codes = departments })],
            [.. await transaction.Query<string>(SelectServices, new { Codes = services })],
            zone,
            transaction.Now + MaxAhead);
    }

    public Outcome<UsageRow> Read(int index, RecordUsage.Item item)
    {
        if (!IsKey(item.Source))
        {
            return Refusal.Rejected("invalid-source", $"A source has 1 to {MaxKeyLength} printable characters.");
        }

        if (!IsKey(item.Id))
        {
            return Refusal.Rejected("invalid-id", $"An id has 1 to {MaxKeyLength} printable characters.");
        }

        if (!_departments.Contains(item.Department))
        {
            return Refusal.Rejected("department-not-found", "There is no active internal department with this code.");
        }

        if (!_services.Contains(item.Service))
        {
            return Refusal.Rejected("service-not-found", "There is no active service for departments with this code.");
        }

        if (!InstantText.TryParse(item.At, out var at) || at < Earliest)
        {
            return Refusal.Rejected("invalid-instant", "An instant is of RFC 3339, such as 2026-10-05T09:30:00Z.");
        }

        if (at > _latest) return Refusal.Rejected("ahead-of-time", "Usage is recorded at most five minutes ahead.");
        if (!Exact.TryParse(item.Quantity, out var quantity))
        {
            return Refusal.Rejected(
                "invalid-quantity", "A quantity is a plain decimal below 10^13 with at most 15 decimals.");
        }

        if (quantity < 0) return Refusal.Rejected("negative-quantity", "A quantity is not negative.");
        var month = Period.Of(at, _zone);
        return new UsageRow(
            index, item.Source, item.Id, item.Department, item.Service, Stored(at), quantity, month, month);
    }

    /// <summary>The database holds no NUL, and a key with other control characters is a mistake.</summary>
    private static bool IsKey(string text) =>
        text.Length is > 0 and <= MaxKeyLength
        && !text.AsSpan().ContainsAnyInRange('\0', '\x1f')
        && !text.Contains('\x7f');

    /// <summary>As precise as the database stores it, so that the same item again is the same.</summary>
    private static DateTimeOffset Stored(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));

    private const string SelectDepartments = """
        select code from organisation.departments
        where code = any(@Codes) and kind = 'internal' and active
        """;

    private const string SelectServices = """
        select code from organisation.services
        where code = any(@Codes) and audience in ('internal', 'both') and active
        """;
}
