//! The signing key with its certificates.
//!
//! A key lives in memory only, is wiped when it is dropped, and has no form that could be printed.

use std::fmt;

use p256::ecdsa::signature::Signer;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use pkcs8::DecodePrivateKey;
use zeroize::Zeroizing;

use super::error::KeyError;
use super::pkcs12;
use crate::pki::algorithm::{Digest, Kind, PublicKey, Scheme, sm2_id};
use crate::pki::certificate::pem_blocks;
use crate::pki::{Certificate, chain};

/// A passphrase of a private key. It is wiped when it is dropped, and never printed.
#[derive(Clone, Default)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A passphrase of this text, which is wiped with it.
    pub fn new(text: String) -> Self {
        Passphrase(Zeroizing::new(text))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// A private key with its certificates.
pub struct SigningKey {
    secret: Secret,
    scheme: Scheme,
    /// The key's own, then those of its issuers.
    chain: Vec<Certificate>,
}

/// Every one of these wipes itself. For SM2 it is the secret that is kept: the crate's signing key does not.
enum Secret {
    Rsa(Box<rsa::PrivateKey>),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Sm2(Box<sm2::SecretKey>),
}

impl SigningKey {
    /// The key of a PKCS#12 file (`.p12`, `.pfx`), with the certificates in it.
    ///
    /// # Errors
    /// If the passphrase is wrong, or there is no key with its certificate in it.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &Passphrase) -> Result<SigningKey, KeyError> {
        let pkcs12::Contents { key, certificates } = pkcs12::open(bytes, passphrase)?;
        SigningKey::new(Secret::of(&key).ok_or(KeyError::Unsupported)?, &certificates)
    }

    /// The key of a PEM file in PKCS#8, PKCS#1 or SEC 1, encrypted or not, with certificates in PEM or DER.
    ///
    /// # Errors
    /// If the passphrase is missing or wrong, or none of the certificates is the key's.
    pub fn from_pem(
        key: &[u8],
        certificates: &[u8],
        passphrase: Option<&Passphrase>,
    ) -> Result<SigningKey, KeyError> {
        let blocks: Vec<(String, Zeroizing<Vec<u8>>)> =
            pem_blocks(key).into_iter().map(|(label, der)| (label, Zeroizing::new(der))).collect();
        let secret = blocks.iter().find_map(|(label, der)| Secret::of_block(label, der, passphrase));
        let certificates = Certificate::read_all(certificates).map_err(|_| KeyError::NoCertificate)?;
        SigningKey::new(secret.ok_or(KeyError::NoKey)??, &certificates)
    }

    fn new(secret: Secret, certificates: &[Certificate]) -> Result<SigningKey, KeyError> {
        let usual = secret.scheme();
        // A certificate may be for RSASSA-PSS alone.
        let pss = Scheme { kind: Kind::Pss { salt: 32 }, ..usual };
        let schemes = if usual.kind == Kind::Pkcs1 { vec![usual, pss] } else { vec![usual] };
        // A key fits the certificate that verifies what it signs.
        let mut own = None;
        for scheme in schemes {
            let probe = secret.sign(scheme, b"gongwen").ok_or(KeyError::Unsupported)?;
            let verifies = |key: PublicKey| key.verifies(scheme, b"gongwen", &probe);
            let fits = |certificate: &&Certificate| certificate.public_key().is_some_and(verifies);
            own = own.or_else(|| certificates.iter().find(fits).map(|own| (own, scheme)));
        }
        let (own, scheme) = own.ok_or(KeyError::NoCertificate)?;
        Ok(SigningKey { secret, scheme, chain: chain::known(own, certificates) })
    }

    /// The same RSA key, signing by RSASSA-PSS; other keys as they are.
    pub fn with_pss(mut self) -> SigningKey {
        if self.scheme.kind == Kind::Pkcs1 {
            self.scheme.kind = Kind::Pss { salt: 32 };
        }
        self
    }

    /// The certificate of the key.
    pub fn certificate(&self) -> &Certificate {
        &self.chain[0]
    }

    /// The certificate of the key, then those of its issuers, as far as they are known.
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The algorithm of its signatures: `ECDSA SHA-256`.
    pub fn algorithm(&self) -> String {
        self.scheme.name()
    }

    /// Whether it signs by SM2 and SM3, which few other programs read in a PDF.
    pub fn is_experimental(&self) -> bool {
        self.scheme.kind == Kind::Sm2
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The signature over a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        self.secret.sign(self.scheme, message)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("certificate", &self.chain[0].subject()).finish_non_exhaustive()
    }
}

impl Secret {
    /// The key of a block of PEM; none if the block is none.
    fn of_block(
        label: &str,
        der: &[u8],
        passphrase: Option<&Passphrase>,
    ) -> Option<Result<Secret, KeyError>> {
        match label {
            "PRIVATE KEY" => Some(Secret::of(der).ok_or(KeyError::Unsupported)),
            "ENCRYPTED PRIVATE KEY" => Some(Secret::encrypted(der, passphrase)),
            "RSA PRIVATE KEY" => {
                use rsa::pkcs1::DecodeRsaPrivateKey;
                let key = rsa::PrivateKey::from_pkcs1_der(der).ok();
                Some(key.map(|key| Secret::Rsa(Box::new(key))).ok_or(KeyError::Unsupported))
            }
            "EC PRIVATE KEY" => Some(Secret::sec1(der).ok_or(KeyError::Unsupported)),
            _ => None,
        }
    }

    fn encrypted(der: &[u8], passphrase: Option<&Passphrase>) -> Result<Secret, KeyError> {
        let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| KeyError::Unsupported)?;
        let passphrase = passphrase.ok_or(KeyError::NeedsPassphrase)?;
        if !pkcs12::affordable(&info.encryption_algorithm) {
            return Err(KeyError::Unsupported);
        }
        let opened = info.decrypt(passphrase.as_bytes()).map_err(|_| KeyError::WrongPassphrase)?;
        // A wrong passphrase may, once in some hundred times, leave padding that looks right.
        Secret::of(opened.as_bytes()).ok_or(KeyError::WrongPassphrase)
    }

    /// The key of a `PrivateKeyInfo`: RFC 5208.
    fn of(der: &[u8]) -> Option<Secret> {
        if let Ok(key) = rsa::PrivateKey::from_pkcs8_der(der) {
            return Some(Secret::Rsa(Box::new(key)));
        }
        if let Ok(key) = p256::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Some(Secret::P256(key));
        }
        if let Ok(key) = p384::ecdsa::SigningKey::from_pkcs8_der(der) {
            return Some(Secret::P384(key));
        }
        sm2::SecretKey::from_pkcs8_der(der).ok().map(|key| Secret::Sm2(Box::new(key)))
    }

    /// The key of an `ECPrivateKey`: RFC 5915.
    fn sec1(der: &[u8]) -> Option<Secret> {
        if let Ok(key) = p256::SecretKey::from_sec1_der(der) {
            return Some(Secret::P256(key.into()));
        }
        p384::SecretKey::from_sec1_der(der).ok().map(|key| Secret::P384(key.into()))
    }

    fn scheme(&self) -> Scheme {
        match self {
            Secret::Rsa(_) => Scheme { kind: Kind::Pkcs1, digest: Digest::Sha256 },
            Secret::P256(_) => Scheme { kind: Kind::Ecdsa, digest: Digest::Sha256 },
            Secret::P384(_) => Scheme { kind: Kind::Ecdsa, digest: Digest::Sha384 },
            Secret::Sm2(_) => Scheme { kind: Kind::Sm2, digest: Digest::Sm3 },
        }
    }

    /// RSA takes random numbers of the system, to blind the key and for the salt of PSS; the others take none.
    fn sign(&self, scheme: Scheme, message: &[u8]) -> Option<Vec<u8>> {
        let prehash = scheme.digest.of_all(&[message]);
        match self {
            Secret::Rsa(key) => match scheme.kind {
                Kind::Pss { .. } => key.pss_sign_prehash::<sha2::Sha256>(&prehash).ok(),
                Kind::Pkcs1 | Kind::Ecdsa | Kind::Sm2 => {
                    key.pkcs1v15_sign_prehash::<sha2::Sha256>(&prehash).ok()
                }
            },
            Secret::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&prehash).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            Secret::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&prehash).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
            Secret::Sm2(key) => {
                let key = sm2::dsa::SigningKey::new(sm2_id(), key).ok()?;
                let signature: sm2::dsa::Signature = key.try_sign(message).ok()?;
                Some(signature.to_der().as_bytes().to_vec())
            }
        }
    }
}
