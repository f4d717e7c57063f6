using System.Buffers;
using System.IO.Compression;
using ServiceMesh.Hosting.Http;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>The body of a request as it was before it was packed with gzip, read as it arrives.</summary>
internal static class UnpackedBody
{
    private const string Gzip = "gzip";

    private static readonly byte[] GzipMark = [0x1f, 0x8b];

    /// <summary>The stream, or the problem of a coding that is not known here.</summary>
    /// <remarks>
    /// A file that is packed says so in its first bytes, whether its sender calls it <c>application/gzip</c>, names the
    /// coding in <c>Content-Encoding</c> or says nothing.
    /// </remarks>
    public static async Task<(Stream? Stream, Problem? Problem)> Open(
        HttpRequest request, CancellationToken cancellationToken)
    {
        var coding = request.Headers.ContentEncoding.ToString();
        if (coding is not ("" or "identity" or Gzip))
        {
            return (null, Problem.Of(
                StatusCodes.Status415UnsupportedMediaType,
                "unsupported-media-type",
                $"A body may be packed with {Gzip} only."));
        }

        var start = await request.BodyReader.ReadAtLeastAsync(GzipMark.Length, cancellationToken);
        var isPacked = StartsWithMark(start.Buffer);
        request.BodyReader.AdvanceTo(start.Buffer.Start);
        var body = request.BodyReader.AsStream();
        return (isPacked || coding == Gzip ? new GZipStream(body, CompressionMode.Decompress) : body, null);
    }

    private static bool StartsWithMark(ReadOnlySequence<byte> start)
    {
        var reader = new SequenceReader<byte>(start);
        return reader.IsNext(GzipMark);
    }
}
