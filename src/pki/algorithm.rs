//! Digests, keys and signature algorithms by their object identifiers: RSA, ECDSA on P-256 and P-384, SM2.
//!
//! An algorithm is weak or strong by what it is, not by what is done with it: [`Digest::is_weak`] and
//! [`PublicKey::is_weak`] report it, and `sign` and `verify` decide.

use der::oid::ObjectIdentifier;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;

use super::tlv::{NULL, SEQUENCE, Tlv, context, id, integer, oid, sequence, tlv};

const RSA_ENCRYPTION: ObjectIdentifier = id("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = id("1.2.840.113549.1.1.10");
const MGF1: ObjectIdentifier = id("1.2.840.113549.1.1.8");
const EC_PUBLIC_KEY: ObjectIdentifier = id("1.2.840.10045.2.1");
const SM2_WITH_SM3: ObjectIdentifier = id("1.2.156.10197.1.501");
const SM2_SIGN: ObjectIdentifier = id("1.2.156.10197.1.301.1");
const PKCS1: [(ObjectIdentifier, Digest); 5] = [
    (id("1.2.840.113549.1.1.11"), Digest::Sha256),
    (id("1.2.840.113549.1.1.12"), Digest::Sha384),
    (id("1.2.840.113549.1.1.13"), Digest::Sha512),
    (id("1.2.840.113549.1.1.5"), Digest::Sha1),
    (id("1.2.840.113549.1.1.4"), Digest::Md5),
];
const ECDSA: [(ObjectIdentifier, Digest); 4] = [
    (id("1.2.840.10045.4.3.2"), Digest::Sha256),
    (id("1.2.840.10045.4.3.3"), Digest::Sha384),
    (id("1.2.840.10045.4.3.4"), Digest::Sha512),
    (id("1.2.840.10045.4.1"), Digest::Sha1),
];

/// The default identity of SM2 signers: GB/T 35276—2017, 10.
const SM2_ID: &[u8] = b"1234567812345678";

/// The least RSA key that is not weak, in bits.
pub(crate) const LEAST_RSA: u32 = 2048;

/// A digest algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
    /// GB/T 32905—2016.
    Sm3,
}

impl Digest {
    const ALL: [Digest; 6] =
        [Digest::Md5, Digest::Sha1, Digest::Sha256, Digest::Sha384, Digest::Sha512, Digest::Sm3];

    /// Its object identifier.
    pub fn oid(self) -> ObjectIdentifier {
        match self {
            Digest::Md5 => id("1.2.840.113549.2.5"),
            Digest::Sha1 => id("1.3.14.3.2.26"),
            Digest::Sha256 => id("2.16.840.1.101.3.4.2.1"),
            Digest::Sha384 => id("2.16.840.1.101.3.4.2.2"),
            Digest::Sha512 => id("2.16.840.1.101.3.4.2.3"),
            Digest::Sm3 => id("1.2.156.10197.1.401"),
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Digest::Md5 => "MD5",
            Digest::Sha1 => "SHA-1",
            Digest::Sha256 => "SHA-256",
            Digest::Sha384 => "SHA-384",
            Digest::Sha512 => "SHA-512",
            Digest::Sm3 => "SM3",
        }
    }

    /// The one of an `AlgorithmIdentifier`.
    pub fn of(algorithm: &Tlv) -> Option<Digest> {
        let named = algorithm.children_of(SEQUENCE)?.first()?.oid()?;
        Digest::ALL.into_iter().find(|digest| digest.oid() == named)
    }

    /// As an `AlgorithmIdentifier`, without parameters: RFC 5754, 2.
    pub fn identifier(self) -> Vec<u8> {
        sequence(&[oid(self.oid())])
    }

    /// Whether collisions of it are known.
    pub fn is_weak(self) -> bool {
        matches!(self, Digest::Md5 | Digest::Sha1)
    }

    /// The hash of these pieces, one after the other.
    pub fn of_all(self, pieces: &[&[u8]]) -> Vec<u8> {
        fn hash<D: sha2::Digest>(pieces: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            pieces.iter().for_each(|piece| hash.update(piece));
            hash.finalize().to_vec()
        }
        match self {
            Digest::Md5 => hash::<md5::Md5>(pieces),
            Digest::Sha1 => hash::<sha1::Sha1>(pieces),
            Digest::Sha256 => hash::<sha2::Sha256>(pieces),
            Digest::Sha384 => hash::<sha2::Sha384>(pieces),
            Digest::Sha512 => hash::<sha2::Sha512>(pieces),
            Digest::Sm3 => hash::<sm3::Sm3>(pieces),
        }
    }
}

/// A public key.
#[derive(Clone, Debug)]
pub(crate) enum PublicKey {
    Rsa(rsa::PublicKey),
    /// For PSS alone (RFC 4055, 1.2), with the parameters that it is restricted to.
    RsaPss(rsa::PublicKey, Option<Scheme>),
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Sm2(sm2::dsa::VerifyingKey),
}

impl PublicKey {
    /// The one of a `SubjectPublicKeyInfo`; none if it is of another kind.
    pub fn parse(info: &[u8]) -> Option<PublicKey> {
        let parts = Tlv::parse(info)?.children_of(SEQUENCE)?;
        let named = parts.first()?.children_of(SEQUENCE)?.first()?.oid()?;
        if named == RSA_ENCRYPTION {
            return rsa::PublicKey::from_public_key_der(info).ok().map(PublicKey::Rsa);
        }
        if named == RSA_PSS {
            let algorithm = parts.first()?.children_of(SEQUENCE)?;
            let only = match algorithm.get(1) {
                Some(parameters) => Some(Scheme::pss(parameters)?),
                None => None,
            };
            // The numbers of the key are the same as in one for all schemes.
            let key =
                sequence(&[sequence(&[oid(RSA_ENCRYPTION), tlv(NULL, &[])]), parts.get(1)?.raw.to_vec()]);
            return rsa::PublicKey::from_public_key_der(&key).ok().map(|key| PublicKey::RsaPss(key, only));
        }
        if named != EC_PUBLIC_KEY {
            return None;
        }
        if let Ok(key) = p256::ecdsa::VerifyingKey::from_public_key_der(info) {
            return Some(PublicKey::P256(key));
        }
        if let Ok(key) = p384::ecdsa::VerifyingKey::from_public_key_der(info) {
            return Some(PublicKey::P384(key));
        }
        let key = sm2::PublicKey::from_public_key_der(info).ok()?;
        sm2::dsa::VerifyingKey::new(sm2_id(), key).ok().map(PublicKey::Sm2)
    }

    /// Its usual name: `RSA 2048`.
    pub fn name(&self) -> String {
        match self {
            PublicKey::Rsa(key) | PublicKey::RsaPss(key, _) => format!("RSA {}", key.n().bit_width()),
            PublicKey::P256(_) => "ECDSA P-256".to_owned(),
            PublicKey::P384(_) => "ECDSA P-384".to_owned(),
            PublicKey::Sm2(_) => "SM2".to_owned(),
        }
    }

    /// Whether it is too short.
    pub fn is_weak(&self) -> bool {
        matches!(self, PublicKey::Rsa(key) | PublicKey::RsaPss(key, _) if key.n().bit_width() < LEAST_RSA)
    }

    /// Whether a signature is this key's over a message.
    pub fn verifies(&self, scheme: Scheme, message: &[u8], signature: &[u8]) -> bool {
        let prehash = scheme.digest.of_all(&[message]);
        match (self, scheme.kind) {
            (PublicKey::Rsa(key), Kind::Pkcs1) => match scheme.digest {
                Digest::Sha1 => key.pkcs1v15_verify_prehash::<sha1::Sha1>(&prehash, signature).is_ok(),
                Digest::Sha256 => key.pkcs1v15_verify_prehash::<sha2::Sha256>(&prehash, signature).is_ok(),
                Digest::Sha384 => key.pkcs1v15_verify_prehash::<sha2::Sha384>(&prehash, signature).is_ok(),
                Digest::Sha512 => key.pkcs1v15_verify_prehash::<sha2::Sha512>(&prehash, signature).is_ok(),
                Digest::Md5 | Digest::Sm3 => false,
            },
            // RFC 4055, 3.3: the digest that the key is for, and at least as much salt.
            (PublicKey::RsaPss(_, Some(only)), Kind::Pss { salt }) if !only.includes(scheme.digest, salt) => {
                false
            }
            (PublicKey::Rsa(key) | PublicKey::RsaPss(key, _), Kind::Pss { salt }) => match scheme.digest {
                Digest::Sha256 => {
                    key.verify(rsa::Pss::<sha2::Sha256>::new_with_salt(salt), &prehash, signature).is_ok()
                }
                Digest::Sha384 => {
                    key.verify(rsa::Pss::<sha2::Sha384>::new_with_salt(salt), &prehash, signature).is_ok()
                }
                Digest::Sha512 => {
                    key.verify(rsa::Pss::<sha2::Sha512>::new_with_salt(salt), &prehash, signature).is_ok()
                }
                Digest::Sha1 | Digest::Md5 | Digest::Sm3 => false,
            },
            (PublicKey::P256(key), Kind::Ecdsa) => p256::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&prehash, &signature).is_ok()),
            (PublicKey::P384(key), Kind::Ecdsa) => p384::ecdsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify_prehash(&prehash, &signature).is_ok()),
            (PublicKey::Sm2(key), Kind::Sm2) => sm2::dsa::Signature::from_der(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            (
                PublicKey::Rsa(_)
                | PublicKey::RsaPss(..)
                | PublicKey::P256(_)
                | PublicKey::P384(_)
                | PublicKey::Sm2(_),
                Kind::Pkcs1 | Kind::Pss { .. } | Kind::Ecdsa | Kind::Sm2,
            ) => false,
        }
    }
}

/// The identity that SM2 signs with.
pub(crate) fn sm2_id() -> &'static str {
    std::str::from_utf8(SM2_ID).expect("it is ASCII")
}

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scheme {
    pub kind: Kind,
    pub digest: Digest,
}

/// The kinds of signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS with a salt of so many bytes, and MGF1 of the same hash.
    Pss { salt: usize },
    /// ECDSA.
    Ecdsa,
    /// GB/T 32918.2—2016.
    Sm2,
}

impl Scheme {
    /// The one of an `AlgorithmIdentifier`. In a CMS, `rsaEncryption` and `ecPublicKey` leave the digest to the
    /// field beside them: RFC 5754, 3.2.
    pub fn parse(algorithm: &Tlv, beside: Option<Digest>) -> Option<Scheme> {
        let parts = algorithm.children_of(SEQUENCE)?;
        let named = parts.first()?.oid()?;
        let find = |known: &[(ObjectIdentifier, Digest)]| {
            known.iter().find(|(known, _)| *known == named).map(|&(_, digest)| digest)
        };
        if let Some(digest) = find(&PKCS1) {
            return Some(Scheme { kind: Kind::Pkcs1, digest });
        }
        if let Some(digest) = find(&ECDSA) {
            return Some(Scheme { kind: Kind::Ecdsa, digest });
        }
        match named {
            RSA_ENCRYPTION => Some(Scheme { kind: Kind::Pkcs1, digest: beside? }),
            EC_PUBLIC_KEY => Some(Scheme { kind: Kind::Ecdsa, digest: beside? }),
            RSA_PSS => Scheme::pss(parts.get(1)?),
            SM2_WITH_SM3 | SM2_SIGN => Some(Scheme { kind: Kind::Sm2, digest: Digest::Sm3 }),
            _ => None,
        }
    }

    /// Whether a key that is restricted to this scheme may sign with this digest and so much salt.
    fn includes(self, digest: Digest, more: usize) -> bool {
        self.digest == digest && matches!(self.kind, Kind::Pss { salt } if salt <= more)
    }

    /// RFC 4055, 3.1. What is left out is SHA-1's; the two hashes must be one.
    fn pss(parameters: &Tlv) -> Option<Scheme> {
        let (mut digest, mut masked, mut salt) = (Digest::Sha1, Digest::Sha1, 20);
        for part in parameters.children_of(SEQUENCE)? {
            let value = Tlv::parse(part.content)?;
            match part.tag {
                0xa0 => digest = Digest::of(&value)?,
                0xa1 => {
                    let parts = value.children_of(SEQUENCE)?;
                    if parts.first()?.oid()? != MGF1 {
                        return None;
                    }
                    masked = Digest::of(parts.get(1)?)?;
                }
                0xa2 => salt = usize::try_from(value.small()?).ok()?,
                _ => {}
            }
        }
        (digest == masked && salt <= 1024).then_some(Scheme { kind: Kind::Pss { salt }, digest })
    }

    /// As an `AlgorithmIdentifier`, if this is a scheme that is signed with.
    pub fn identifier(self) -> Option<Vec<u8>> {
        let find = |known: &[(ObjectIdentifier, Digest)]| {
            known.iter().find(|(_, digest)| *digest == self.digest).map(|&(known, _)| known)
        };
        Some(match self.kind {
            Kind::Pkcs1 => sequence(&[oid(find(&PKCS1)?), tlv(NULL, &[])]),
            Kind::Ecdsa => sequence(&[oid(find(&ECDSA)?)]),
            Kind::Sm2 => sequence(&[oid(SM2_WITH_SM3)]),
            Kind::Pss { salt } => {
                let digest = self.digest.identifier();
                let parameters = sequence(&[
                    tlv(context(0), &digest),
                    tlv(context(1), &sequence(&[oid(MGF1), digest.clone()])),
                    tlv(context(2), &integer(salt as u64)),
                ]);
                sequence(&[oid(RSA_PSS), parameters])
            }
        })
    }

    /// Its usual name: `ECDSA SHA-256`.
    pub fn name(self) -> String {
        let kind = match self.kind {
            Kind::Pkcs1 => "RSA",
            Kind::Pss { .. } => "RSA-PSS",
            Kind::Ecdsa => "ECDSA",
            Kind::Sm2 => "SM2",
        };
        format!("{kind} {}", self.digest.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_are_written_as_they_are_read() {
        for kind in [Kind::Pkcs1, Kind::Pss { salt: 32 }, Kind::Ecdsa] {
            let scheme = Scheme { kind, digest: Digest::Sha256 };
            let written = scheme.identifier().expect("is signed with");
            assert_eq!(Tlv::parse(&written).and_then(|tlv| Scheme::parse(&tlv, None)), Some(scheme));
        }
    }

    #[test]
    fn a_key_for_pss_alone_verifies_nothing_else() {
        let mut random = p12_keystore::rand::rng();
        let key = rsa::PrivateKey::new(&mut random, 2048).expect("there are such keys");
        let info = pkcs8::EncodePublicKey::to_public_key_der(&key.to_public_key()).expect("encodes");
        let bits =
            Tlv::parse(info.as_bytes()).and_then(|info| info.children()).expect("reads")[1].raw.to_vec();
        let pss = |digest| Scheme { kind: Kind::Pss { salt: 32 }, digest };
        let of =
            |algorithm: Vec<u8>| PublicKey::parse(&sequence(&[algorithm, bits.clone()])).expect("is one");
        let any = of(sequence(&[oid(RSA_ENCRYPTION), tlv(NULL, &[])]));
        let pss_alone = of(sequence(&[oid(RSA_PSS)]));
        let sha256_alone = of(pss(Digest::Sha256).identifier().expect("is signed with"));
        let sha384_alone = of(pss(Digest::Sha384).identifier().expect("is signed with"));
        let message = b"text";
        let old = key.pkcs1v15_sign::<sha2::Sha256>(message).expect("signs");
        let pkcs1 = Scheme { kind: Kind::Pkcs1, digest: Digest::Sha256 };
        assert!(any.verifies(pkcs1, message, &old));
        for key in [&pss_alone, &sha256_alone, &sha384_alone] {
            assert!(!key.verifies(pkcs1, message, &old));
        }
        let hash = Digest::Sha256.of_all(&[message]);
        let new = key.pss_sign_prehash::<sha2::Sha256>(&hash).expect("signs");
        for (key, fine) in [(&any, true), (&pss_alone, true), (&sha256_alone, true), (&sha384_alone, false)] {
            assert_eq!(key.verifies(pss(Digest::Sha256), message, &new), fine);
        }
    }

    #[test]
    fn hashes_are_those_of_the_standards() {
        // GB/T 32905—2016, A.1, and FIPS 180-4.
        let hex = |digest: Digest| crate::hash::hex(&digest.of_all(&[b"a", b"bc"]));
        assert_eq!(hex(Digest::Sm3), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
        assert_eq!(hex(Digest::Sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(hex(Digest::Sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
