using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tests.Fixtures;

/// <summary>A signing key as an operator mounts it: a PEM file.</summary>
public sealed class KeyFile : IDisposable
{
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public KeyFile()
    {
        Path = System.IO.Path.GetTempFileName();
        File.WriteAllText(Path, _ecdsa.ExportECPrivateKeyPem());
        Key = new ECDsaSecurityKey(_ecdsa);
        Key.KeyId = Base64UrlEncoder.Encode(Key.ComputeJwkThumbprint());
    }

    public string Path { get; }

    public ECDsaSecurityKey Key { get; }

    public string PublicKeyPem => _ecdsa.ExportSubjectPublicKeyInfoPem();

    public void Dispose()
    {
        File.Delete(Path);
        _ecdsa.Dispose();
    }
}
