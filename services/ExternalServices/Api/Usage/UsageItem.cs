using System.Text.Json;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Json;

namespace ExternalServices.Api.Usage;

/// <summary>A usage event whose text was read, or the answer why it cannot be.</summary>
internal readonly record struct UsageItem(UsageEvent Event, DateTimeOffset At, decimal Quantity, string? Dimensions)
{
    private const int MaxSourceLength = 64;
    private const int MaxIdLength = 128;
    private const int MaxDimensions = 20;
    private const int MaxDimensionLength = 100;
    private const int MaxDecimals = 15;
    private const decimal HighestQuantity = 999_999_999.999999999999999m;

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public (string Customer, string Source, string Id) Key => (Event.Customer, Event.Source, Event.Id);

    /// <summary>Reads one event; the answer is set when it breaks a rule that needs no database.</summary>
    public static UsageItem Read(UsageEvent read, DateTimeOffset now, out ItemAnswer? answer)
    {
        answer = IsName(read.Source, MaxSourceLength) && IsName(read.Id, MaxIdLength) ? null : InvalidKey;
        if (!InstantText.TryParse(read.At, out var at)) answer ??= InvalidInstant;
        else if (at > now + Ahead) answer ??= InTheFuture;
        else if (at < Earliest) answer ??= TooLongAgo;

        if (!DecimalText.TryParse(read.Quantity, out var quantity)) answer ??= InvalidQuantity;
        else if (quantity < 0) answer ??= NegativeQuantity;
        else if (quantity > HighestQuantity || quantity.Scale > MaxDecimals) answer ??= QuantityOutOfRange;

        if (read.Dimensions is { } pairs && !AreDimensions(pairs)) answer ??= InvalidDimensions;
        var dimensions = read.Dimensions is null ? null : JsonSerializer.Serialize(read.Dimensions);
        return new UsageItem(read, at, quantity, dimensions);
    }

    private static bool IsName(string text, int maxLength) =>
        text.Length <= maxLength && !string.IsNullOrWhiteSpace(text) && !HasControl(text);

    private static bool HasControl(string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c)) return true;
        }

        return false;
    }

    private static bool AreDimensions(IReadOnlyDictionary<string, string> pairs) =>
        pairs.Count <= MaxDimensions
        && pairs.All(pair => IsName(pair.Key, MaxDimensionLength)
            && pair.Value.Length <= MaxDimensionLength
            && !HasControl(pair.Value));

    public static readonly ItemAnswer CustomerNotFound =
        ItemAnswer.Rejected("customer-not-found", "There is no such customer.");

    public static readonly ItemAnswer ServiceNotFound =
        ItemAnswer.Rejected("service-not-found", "There is no such active service that is offered to customers.");

    private static readonly ItemAnswer InvalidKey = ItemAnswer.Rejected(
        "invalid-key",
        $"source has 1 to {MaxSourceLength} and id 1 to {MaxIdLength} characters, none of them a control character.");

    private static readonly ItemAnswer InvalidInstant = ItemAnswer.Rejected(
        "invalid-instant", "at is an instant of RFC 3339 with offset, such as 2026-10-05T09:30:00Z.");

    private static readonly ItemAnswer InTheFuture =
        ItemAnswer.Rejected("in-the-future", "at is more than five minutes ahead.");

    private static readonly ItemAnswer TooLongAgo =
        ItemAnswer.Rejected("too-long-ago", "at is before the year 2000.");

    private static readonly ItemAnswer InvalidQuantity =
        ItemAnswer.Rejected("invalid-quantity", "quantity is a plain decimal such as \"12.5\".");

    private static readonly ItemAnswer NegativeQuantity =
        ItemAnswer.Rejected("negative-quantity", "quantity must not be negative.");

    private static readonly ItemAnswer QuantityOutOfRange = ItemAnswer.Rejected(
        "quantity-out-of-range", $"quantity has up to 9 digits before and {MaxDecimals} after the point.");

    private static readonly ItemAnswer InvalidDimensions = ItemAnswer.Rejected(
        "invalid-dimensions", $"There are at most {MaxDimensions} dimensions of {MaxDimensionLength} characters each.");
}
