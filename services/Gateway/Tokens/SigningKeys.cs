using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Tokens;

/// <summary>
/// The keys of the mounted PEM files: the first signs, all are published. A rotation publishes the next key, waits
/// until every service has fetched it, swaps the two files, and withdraws the former when its last token has expired.
/// </summary>
internal sealed class SigningKeys
{
    public SigningKeys(GatewayOptions options)
    {
        var signing = options.SigningKeyFile
            ?? throw new InvalidOperationException("Gateway:SigningKeyFile has to name the PEM file of a P-256 key.");
        Published = options.NextSigningKeyFile is { Length: > 0 } next ? [Read(signing), Read(next)] : [Read(signing)];
    }

    public IReadOnlyList<SecurityKey> Published { get; }

    private static ECDsaSecurityKey Read(string file)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(File.ReadAllText(file));
        }
        catch (Exception unusable) when (unusable is ArgumentException or CryptographicException or IOException)
        {
            throw new InvalidOperationException($"{file} holds no private key: {unusable.Message}", unusable);
        }

        var curve = ecdsa.ExportParameters(includePrivateParameters: false).Curve;
        if (curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
        {
            throw new InvalidOperationException($"{file} does not hold a P-256 key, which ES256 needs.");
        }

        var key = new ECDsaSecurityKey(ecdsa);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }
}
