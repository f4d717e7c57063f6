namespace EndToEnd.Tests;

/// <summary>
/// The fields of a message in Protocol Buffers' wire format: enough to look at a few of them without the whole schema
/// and its generated code.
/// </summary>
internal sealed class Protobuf(ReadOnlyMemory<byte> message)
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    private int _at;

    /// <returns>Of each field its number, and its content: bytes or a number.</returns>
    public IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> Read()
    {
        while (_at < message.Length)
        {
            var tag = ReadVarint();
            var field = (int)(tag >> 3);
            yield return (tag & 7) switch
            {
                Varint => (field, default, ReadVarint()),
                Fixed64 => (field, Take(8), 0),
                Delimited => (field, Take((int)ReadVarint()), 0),
                Fixed32 => (field, Take(4), 0),
                var type => throw new NotSupportedException($"wire type {type}"),
            };
        }
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message.Span[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        _at += length;
        return message.Slice(_at - length, length);
    }
}
