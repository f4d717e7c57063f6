using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ServiceMesh.Hosting.Http;

/// <summary>Where a list goes on and how much of it is wanted: <c>?limit=</c> and <c>?cursor=</c>.</summary>
/// <param name="Limit">From 1 to <see cref="MaxLimit"/>.</param>
/// <param name="After">The key of the last item that the caller has; empty at the start.</param>
public sealed record Paging(int Limit, string After)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;

    /// <summary>One more than asked for, so that a page knows whether another follows.</summary>
    public int Fetch => Limit + 1;

    public static ValueTask<Paging?> BindAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var query = context.Request.Query;
        var limit = query.TryGetValue("limit", out var asked) ? LimitOf(asked) : DefaultLimit;
        return ValueTask.FromResult<Paging?>(new Paging(limit, Decode(query["cursor"])));
    }

    private static int LimitOf(string? asked) =>
        int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        && limit is >= 1 and <= MaxLimit
            ? limit
            : throw new BadHttpRequestException($"limit must be a whole number from 1 to {MaxLimit}.");

    /// <summary>The page of what was fetched; the cursor hides the last item's key.</summary>
    public Page<T> Page<T>(IReadOnlyList<T> fetched, Func<T, string> key)
    {
        ArgumentNullException.ThrowIfNull(fetched);
        ArgumentNullException.ThrowIfNull(key);
        return fetched.Count > Limit
            ? new Page<T>([.. fetched.Take(Limit)], Encode(key(fetched[Limit - 1])))
            : new Page<T>(fetched, null);
    }

    private static string Encode(string key) =>
        WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(new[] { key }));

    private static string Decode(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return "";
        }

        try
        {
            return JsonSerializer.Deserialize<string[]>(WebEncoders.Base64UrlDecode(cursor)) is [{ } key]
                ? key
                : throw new FormatException();
        }
        catch (Exception unreadable) when (unreadable is FormatException or JsonException)
        {
            throw new BadHttpRequestException("cursor is not one that a list has given.", unreadable);
        }
    }
}

/// <summary>Part of a list.</summary>
/// <param name="Items">In the order of the list's key.</param>
/// <param name="Next">The cursor of the next part, or null at the end.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
