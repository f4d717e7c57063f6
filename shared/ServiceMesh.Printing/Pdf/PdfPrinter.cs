using SkiaSharp;

namespace ServiceMesh.Printing.Pdf;

/// <summary>Prints a document as PDF on A4.</summary>
public static class PdfPrinter
{
    public const string MediaType = "application/pdf";

    public static byte[] Print(PrintedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        using var fonts = new Fonts();
        var sheets = PdfLayout.Of(document, fonts);
        using var file = new MemoryStream();
        using (var pdf = SKDocument.CreatePdf(file, About(document)))
        {
            foreach (var sheet in sheets)
            {
                var canvas = pdf.BeginPage(Sheet.Width / 100f, Sheet.Height / 100f);
                foreach (var mark in sheet.Marks) Draw(canvas, mark, fonts);
                pdf.EndPage();
            }

            pdf.Close();
        }

        return file.ToArray();
    }

    private static SKDocumentPdfMetadata About(PrintedDocument document) => new()
    {
        Title = $"{document.Title} {document.Subtitle}",
        Author = document.Issuer,
        Creation = document.IssuedAt.UtcDateTime,
        Modified = document.IssuedAt.UtcDateTime,
        Producer = "ServiceMesh",
        RasterDpi = SKDocumentPdfMetadata.DefaultRasterDpi,
        EncodingQuality = SKDocumentPdfMetadata.DefaultEncodingQuality,
    };

    private static void Draw(SKCanvas canvas, Mark mark, Fonts fonts)
    {
        using var paint = new SKPaint { IsAntialias = true };
        switch (mark)
        {
            case Mark.Text text:
                paint.Color = ColorOf(text.Tone);
                var align = text.AtRight ? SKTextAlign.Right : SKTextAlign.Left;
                canvas.DrawText(text.Content, text.X / 100f, text.Y / 100f, align, fonts[text.Face], paint);
                break;
            case Mark.Line line:
                paint.Color = ColorOf(line.Tone);
                paint.StrokeWidth = 0.5f;
                var (x, y, length) = (line.X / 100f, line.Y / 100f, line.Length / 100f);
                canvas.DrawLine(x, y, line.Upright ? x : x + length, line.Upright ? y + length : y, paint);
                break;
            case Mark.Box box:
                paint.Color = ColorOf(box.Tone);
                canvas.DrawRect(box.X / 100f, box.Y / 100f, box.Width / 100f, box.Height / 100f, paint);
                break;
        }
    }

    private static SKColor ColorOf(Tone tone) => tone switch
    {
        Tone.Ink => new SKColor(0x1d, 0x24, 0x33),
        Tone.Quiet => new SKColor(0x5b, 0x65, 0x77),
        Tone.Rule => new SKColor(0xdd, 0xe2, 0xea),
        Tone.Main => new SKColor(0x24, 0x56, 0xa6),
        Tone.Reference => new SKColor(0xb3, 0xbf, 0xd1),
    };
}
