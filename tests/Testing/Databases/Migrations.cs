using System.Reflection;
using System.Security.Cryptography;

namespace Testing.Databases;

/// <summary>Tells one state of an assembly's embedded migrations from another.</summary>
public static class Migrations
{
    /// <summary>A digest over the names and texts of the embedded SQL files.</summary>
    public static string Fingerprint(params Assembly[] assemblies)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var scripts = 0;
        foreach (var assembly in assemblies)
        {
            foreach (var name in assembly.GetManifestResourceNames().Where(IsScript).Order(StringComparer.Ordinal))
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
                digest.AppendData(System.Text.Encoding.UTF8.GetBytes($"{name}\n{text.ReadToEnd()}\n"));
                scripts++;
            }
        }

        return scripts > 0
            ? Convert.ToHexStringLower(digest.GetHashAndReset())[..16]
            : throw new InvalidOperationException(
                $"No .sql file is embedded in {string.Join<Assembly>(", ", assemblies)}");
    }

    private static bool IsScript(string resource) => resource.EndsWith(".sql", StringComparison.OrdinalIgnoreCase);
}
