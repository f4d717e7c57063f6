using System.Collections;
using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.CostImports;

/// <summary>The lines of a CSV file in UTF-8, one at a time; cells become texts only when they are asked for.</summary>
internal sealed class CsvLines : IReadOnlyList<string>, IDisposable
{
    private const int MaxCellLength = 256 * 1024;
    private const int BufferChars = 64 * 1024;

    private readonly CsvParser _parser;
    private readonly int _maxLineBytes;

    public CsvLines(Stream file, int maxLineBytes)
    {
        _maxLineBytes = maxLineBytes;
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
        var reader = new StreamReader(file, strict, detectEncodingFromByteOrderMarks: false, BufferChars);
        _parser = new CsvParser(reader, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = null,
            BufferSize = BufferChars,
            IgnoreBlankLines = true,
            MaxFieldSize = MaxCellLength,
        });
    }

    /// <summary>Where the current row starts in the file, from 1.</summary>
    public long Line { get; private set; }

    public int Count => _parser.Count;

    public string this[int index] => _parser[index];

    /// <summary>
    /// Goes to the next row; false at the end, or <c>not-utf-8</c>, <c>not-gzip</c>, <c>cell-too-long</c> or
    /// <c>line-too-long</c>.
    /// </summary>
    public async Task<Outcome<bool>> Next()
    {
        Line = _parser.RawRow + 1;
        try
        {
            return await _parser.ReadAsync();
        }
        catch (DecoderFallbackException)
        {
            return Refusal.Rejected("not-utf-8", $"The file is not UTF-8 text: see line {Line} and those after it.");
        }
        catch (InvalidDataException)
        {
            return Refusal.Rejected(
                "not-gzip", $"The file is not whole as gzip packs it: see line {Line} and those after it.");
        }
        catch (TooMuchAtOnceException)
        {
            return Refusal.Rejected("line-too-long", $"Line {Line} has more than {_maxLineBytes} bytes.");
        }
        catch (MaxFieldSizeException)
        {
            return Refusal.Rejected(
                "cell-too-long", $"A cell that begins after line {Line} has more than {MaxCellLength} characters.");
        }
    }

    public IEnumerator<string> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(index => this[index]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _parser.Dispose();
}
