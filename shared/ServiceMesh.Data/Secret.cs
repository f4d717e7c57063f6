namespace ServiceMesh.Data;

/// <summary>A secret given as a value or as the path of the file that holds it.</summary>
public static class Secret
{
    /// <summary>The value, else the file's text without the line break at its end, else nothing.</summary>
    public static string? Of(string? value, string? file) =>
        !string.IsNullOrEmpty(value) ? value
        : !string.IsNullOrEmpty(file) ? File.ReadAllText(file).TrimEnd('\r', '\n')
        : null;
}
