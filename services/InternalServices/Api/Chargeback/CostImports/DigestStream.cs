using System.Security.Cryptography;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>
/// Passes a file on, takes its SHA-256 on the way, and lets no part of it that is read at once become too long.
/// </summary>
internal sealed class DigestStream(Stream source, long maxAtOnce) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _sinceMark;

    /// <summary>Of what was read; the whole file once it has been read to its end.</summary>
    public byte[] Digest => _hash.GetCurrentHash();

    /// <summary>How much was read.</summary>
    public long BytesRead { get; private set; }

    /// <summary>What was read up to here was enough for something.</summary>
    public void Mark() => _sinceMark = 0;

    /// <exception cref="TooMuchAtOnceException">More than the limit was read since the last mark.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        _hash.AppendData(buffer.Span[..read]);
        BytesRead += read;
        _sinceMark += read;
        return _sinceMark <= maxAtOnce ? read : throw new TooMuchAtOnceException();
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A file has no end of line for too long.</summary>
internal sealed class TooMuchAtOnceException : Exception;
