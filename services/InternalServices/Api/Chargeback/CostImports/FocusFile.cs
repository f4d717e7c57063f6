using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>A file of cost and usage that was read to its end, in memory that does not grow with it.</summary>
internal sealed record FocusFile(byte[] Sha256, FocusVersion Version, CostTally Tally)
{
    public const long MaxUnpackedBytes = 16L * 1024 * 1024 * 1024;

    private const int MaxLineBytes = 8 * 1024 * 1024;

    /// <summary>
    /// Refuses the file as a whole when it has no usable header, is not UTF-8 text, has too many broken rows or sums
    /// that no book can hold.
    /// </summary>
    public static async Task<Outcome<FocusFile>> Read(Stream body, CostTally tally)
    {
        await using var digest = new DigestStream(body, MaxLineBytes);
        using var lines = new CsvLines(digest, MaxLineBytes);
        var first = await lines.Next();
        if (first.Refusal is { } unreadable) return unreadable;

        var header = FocusHeader.Of(first.Value ? [.. lines] : []);
        if (header.Refusal is { } unusable) return unusable;

        while (true)
        {
            digest.Mark();
            var next = await lines.Next();
            if (next.Refusal is { } broken) return broken;
            if (!next.Value) return new FocusFile(digest.Digest, header.Value.Version, tally);
            if (await tally.Take(header.Value.Read(lines), lines.Line) is { } refused) return refused;
            if (digest.BytesRead > MaxUnpackedBytes)
            {
                return Refusal.Rejected("file-too-large", $"The file has more than {MaxUnpackedBytes} bytes unpacked.");
            }
        }
    }
}
