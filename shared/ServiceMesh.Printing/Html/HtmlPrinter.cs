using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Fluid;

namespace ServiceMesh.Printing.Html;

/// <summary>Prints a document as one HTML page that needs nothing else, fit for A4 paper.</summary>
public static class HtmlPrinter
{
    public const string MediaType = "text/html";

    private const string TemplateName = "ServiceMesh.Printing.Html.document.liquid";

    private static readonly IFluidTemplate Template = Parse();

    private static readonly TemplateOptions Options = new() { MemberAccessStrategy = new UnsafeMemberAccessStrategy() };

    /// <summary>Escapes what HTML gives a meaning and leaves letters of all languages as they are.</summary>
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    public static string Print(PrintedDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Template.Render(new TemplateContext(HtmlView.Of(document), Options), Encoder);
    }

    private static IFluidTemplate Parse()
    {
        using var source = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(TemplateName)!);
        return new FluidParser().Parse(source.ReadToEnd());
    }
}
