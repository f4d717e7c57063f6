using InternalServices.Domain.Chargeback.CostImports;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>A file of cost and usage that was read to its end, in memory that does not grow with it.</summary>
internal sealed record FocusFile(byte[] Sha256, CostTally Tally)
{
    /// <summary>
    /// Refuses the file as a whole when it has no usable header, is not UTF-8 text, has too many broken rows or sums that
    /// no book can hold.
    /// </summary>
    public static async Task<Outcome<FocusFile>> Read(Stream body, CostMapping mapping, Currency books)
    {
        await using var digest = new DigestStream(body);
        using var lines = new CsvLines(digest);
        var first = await lines.Next();
        if (first.Refusal is { } unreadable) return unreadable;

        var header = FocusHeader.Of(first.Value ? [.. lines] : []);
        if (header.Refusal is { } unusable) return unusable;

        var tally = new CostTally(mapping, books);
        while (true)
        {
            var next = await lines.Next();
            if (next.Refusal is { } broken) return broken;
            if (!next.Value) return new FocusFile(digest.Digest, tally);
            if (tally.Take(header.Value.Read(lines), lines.Line) is { } refused) return refused;
        }
    }
}
