using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceMesh.Hosting.Documents;
using ServiceMesh.Primitives;

namespace ServiceMesh.Hosting.Http;

/// <summary>
/// Bulk writes: a JSON array of items, read as it arrives and answered item by item after the commit.
/// </summary>
public static class Batch
{
    public const int MaxItems = 10_000;

    private const string TooMany = "too-many-items";

    /// <summary>
    /// The items, or <c>too-many-items</c>. A body that is not of the documented form is answered 400 as a whole.
    /// </summary>
    public static async Task<Outcome<List<T>>> Read<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await IsNull(request.BodyReader, cancellationToken))
        {
            throw new JsonException("A batch must not be null.", "$", null, null);
        }

        var items = new List<T>();
        var index = 0;
        var read = JsonSerializer.DeserializeAsyncEnumerable(request.BodyReader, type, cancellationToken);
        await foreach (var item in read)
        {
            if (item is null) throw new JsonException("An item must not be null.", $"$[{index}]", null, null);
            if (index == MaxItems)
            {
                return Refusal.Rejected(TooMany, $"A batch has at most {MaxItems} items.");
            }

            items.Add(item);
            index++;
        }

        return items;
    }

    /// <summary>The reader of items would take it for a batch without any. Nothing is consumed.</summary>
    private static async Task<bool> IsNull(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var isFound = TryPeek(read.Buffer, out var first);
            body.AdvanceTo(read.Buffer.Start, isFound ? read.Buffer.Start : read.Buffer.End);
            if (isFound || read.IsCompleted) return first == (byte)'n';
        }
    }

    private static bool TryPeek(ReadOnlySequence<byte> text, out byte first)
    {
        var reader = new SequenceReader<byte>(text);
        reader.AdvancePastAny(" \t\r\n"u8);
        return reader.TryPeek(out first);
    }

    /// <summary>Documents the body of an operation that calls <see cref="Read"/>, and its answer.</summary>
    public static RouteHandlerBuilder TakesBatchOf<T>(this RouteHandlerBuilder builder) =>
        builder
            .Accepts<T[]>("application/json")
            .Answers<BatchAnswer>()
            .Refuses(StatusCodes.Status422UnprocessableEntity, TooMany, $"The batch has more than {MaxItems} items.");
}

/// <summary>What became of each item of a bulk write; all that was accepted is committed.</summary>
public sealed record BatchAnswer
{
    public required int Accepted { get; init; }

    /// <summary>Recorded before with the same content: nothing changed, nothing is wrong.</summary>
    public required int Duplicates { get; init; }

    /// <summary>Recorded before with other content, which stays.</summary>
    public required int Conflicts { get; init; }

    public required int Rejected { get; init; }

    /// <summary>In the order of the request.</summary>
    public required IReadOnlyList<ItemAnswer> Items { get; init; }

    public static BatchAnswer Of(IReadOnlyList<ItemAnswer> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var counts = new int[Enum.GetValues<ItemResult>().Length];
        foreach (var item in items) counts[(int)item.Result]++;
        return new BatchAnswer
        {
            Accepted = counts[(int)ItemResult.Accepted],
            Duplicates = counts[(int)ItemResult.Duplicate],
            Conflicts = counts[(int)ItemResult.Conflict],
            Rejected = counts[(int)ItemResult.Rejected],
            Items = items,
        };
    }
}

/// <summary>What became of one item.</summary>
public sealed record ItemAnswer
{
    public static readonly ItemAnswer Accepted = new() { Result = ItemResult.Accepted };

    public static readonly ItemAnswer Duplicate = new() { Result = ItemResult.Duplicate };

    public static readonly ItemAnswer Conflict = new()
    {
        Result = ItemResult.Conflict,
        Code = "recorded-differently",
        Detail = "It was recorded before with other content; what was recorded stays.",
    };

    public required ItemResult Result { get; init; }

    /// <summary>Why it was not taken, for programs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>Why it was not taken, for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    public static ItemAnswer Rejected(string code, string detail) =>
        new() { Result = ItemResult.Rejected, Code = code, Detail = detail };
}

public enum ItemResult
{
    /// <summary>Recorded now.</summary>
    Accepted,

    /// <summary>Recorded before with the same content.</summary>
    Duplicate,

    /// <summary>Recorded before with other content, which stays.</summary>
    Conflict,

    /// <summary>Breaks a rule; the other items are not affected.</summary>
    Rejected,
}
