//! Keys and certificates from PKCS#12 files: RFC 7292.
//!
//! The reader is our own so that every copy of the key is wiped after use; the available crates leave some. Files of
//! OpenSSL 3 and Java (PBES2) are read, and those of older programs (triple DES, 40-bit RC2).

use cbc::cipher::{BlockModeDecrypt, KeyIvInit, block_padding::Pkcs7};
use der::oid::ObjectIdentifier;
use hmac::{KeyInit, Mac};
use pkcs8::der::Decode;
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use zeroize::Zeroizing;

use super::{KeyError, Passphrase};
use crate::pki::Certificate;
use crate::pki::algorithm::Digest;
use crate::pki::tlv::{OCTET_STRING, SEQUENCE, Tlv, context, id};

const DATA: ObjectIdentifier = id("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = id("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = id("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = id("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = id("1.2.840.113549.1.12.10.1.3");
const PBES2: ObjectIdentifier = id("1.2.840.113549.1.5.13");
const TRIPLE_DES: ObjectIdentifier = id("1.2.840.113549.1.12.1.3");
const RC2_40: ObjectIdentifier = id("1.2.840.113549.1.12.1.6");

/// More rounds than this would take minutes.
const MAX_ROUNDS: u64 = 10_000_000;

/// The content of a PKCS#12 file: the key as PKCS#8, and all certificates.
pub(super) struct Contents {
    pub key: Zeroizing<Vec<u8>>,
    pub certificates: Vec<Certificate>,
}

/// Opens a PKCS#12 file.
///
/// # Errors
/// If the passphrase is wrong, there is no key, or the file cannot be read.
pub(super) fn open(bytes: &[u8], passphrase: &Passphrase) -> Result<Contents, KeyError> {
    let parts = Tlv::parse(bytes).and_then(|file| file.children_of(SEQUENCE)).ok_or(KeyError::Unreadable)?;
    let safe = parts.get(1).and_then(content).ok_or(KeyError::Unreadable)?;
    // Without it a wrong passphrase looks like a damaged file; every program writes it.
    let mac = parts.get(2).ok_or(KeyError::Unreadable)?;
    if !authentic(mac, safe, passphrase).ok_or(KeyError::Unsupported)? {
        return Err(KeyError::WrongPassphrase);
    }
    let mut contents = Contents { key: Zeroizing::default(), certificates: Vec::new() };
    let infos = Tlv::parse(safe).and_then(|safe| safe.children_of(SEQUENCE)).ok_or(KeyError::Unreadable)?;
    for info in infos {
        let bags = match content(&info) {
            Some(bags) => Zeroizing::new(bags.to_vec()),
            None => encrypted(&info, passphrase)?,
        };
        read_bags(&bags, passphrase, &mut contents)?;
    }
    if contents.key.is_empty() { Err(KeyError::NoKey) } else { Ok(contents) }
}

/// The bytes of a `ContentInfo` of plain data.
fn content<'a>(info: &Tlv<'a>) -> Option<&'a [u8]> {
    let parts = info.children_of(SEQUENCE)?;
    (parts.first()?.oid()? == DATA).then_some(())?;
    Some(Tlv::parse(parts.get(1)?.is(context(0))?.content)?.is(OCTET_STRING)?.content)
}

/// Whether the file was closed with this passphrase: RFC 7292, 5.1. None if it was closed in an unknown way.
fn authentic(mac: &Tlv, safe: &[u8], passphrase: &Passphrase) -> Option<bool> {
    let parts = mac.children_of(SEQUENCE)?;
    let info = parts.first()?.children_of(SEQUENCE)?;
    let digest = Digest::of(info.first()?)?;
    let expected = info.get(1)?.is(OCTET_STRING)?.content;
    let salt = parts.get(1)?.is(OCTET_STRING)?.content;
    let rounds = parts.get(2).map_or(Some(1), Tlv::small).filter(|&rounds| rounds <= MAX_ROUNDS)?;
    fn verifies<M: Mac + KeyInit>(key: &[u8], safe: &[u8], expected: &[u8]) -> bool {
        <M as KeyInit>::new_from_slice(key).is_ok_and(|mut mac| {
            mac.update(safe);
            mac.verify_slice(expected).is_ok()
        })
    }
    let key = |size| derive(digest, passphrase, salt, 3, rounds, size);
    Some(match digest {
        Digest::Sha1 => verifies::<hmac::Hmac<sha1::Sha1>>(&key(20), safe, expected),
        Digest::Sha256 => verifies::<hmac::Hmac<sha2::Sha256>>(&key(32), safe, expected),
        Digest::Sha384 => verifies::<hmac::Hmac<sha2::Sha384>>(&key(48), safe, expected),
        Digest::Sha512 => verifies::<hmac::Hmac<sha2::Sha512>>(&key(64), safe, expected),
        Digest::Md5 | Digest::Sm3 => return None,
    })
}

fn encrypted(info: &Tlv, passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let read = || {
        let parts = info.children_of(SEQUENCE)?;
        (parts.first()?.oid()? == ENCRYPTED_DATA).then_some(())?;
        let data = Tlv::parse(parts.get(1)?.is(context(0))?.content)?.children_of(SEQUENCE)?;
        let inside = data.get(1)?.children_of(SEQUENCE)?;
        Some((*inside.get(1)?, inside.get(2)?.content))
    };
    let (algorithm, data) = read().ok_or(KeyError::Unreadable)?;
    decrypt(&algorithm, data, passphrase)
}

fn read_bags(bags: &[u8], passphrase: &Passphrase, contents: &mut Contents) -> Result<(), KeyError> {
    let bags = Tlv::parse(bags).and_then(|bags| bags.children_of(SEQUENCE)).ok_or(KeyError::Unreadable)?;
    for bag in bags {
        let parts = bag.children_of(SEQUENCE).ok_or(KeyError::Unreadable)?;
        let value = parts.get(1).and_then(|value| Tlv::parse(value.is(context(0))?.content));
        let (Some(kind), Some(value)) = (parts.first().and_then(Tlv::oid), value) else {
            return Err(KeyError::Unreadable);
        };
        match kind {
            KEY_BAG => contents.key = Zeroizing::new(value.raw.to_vec()),
            SHROUDED_KEY_BAG => {
                let parts = value.children_of(SEQUENCE).unwrap_or_default();
                let [algorithm, data] = parts.as_slice() else { return Err(KeyError::Unreadable) };
                contents.key = decrypt(algorithm, data.content, passphrase)?;
            }
            CERTIFICATE_BAG => {
                let certificate = value
                    .children_of(SEQUENCE)
                    .and_then(|parts| Tlv::parse(parts.get(1)?.is(context(0))?.content))
                    .and_then(|value| Certificate::from_der(value.is(OCTET_STRING)?.content));
                contents.certificates.push(certificate.ok_or(KeyError::Unreadable)?);
            }
            _ => {}
        }
    }
    Ok(())
}

fn decrypt(algorithm: &Tlv, data: &[u8], passphrase: &Passphrase) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let parts = algorithm.children_of(SEQUENCE).ok_or(KeyError::Unreadable)?;
    let kind = parts.first().and_then(Tlv::oid).ok_or(KeyError::Unreadable)?;
    if kind == PBES2 {
        let scheme = EncryptionScheme::from_der(algorithm.raw);
        let scheme = scheme.ok().filter(affordable).ok_or(KeyError::Unsupported)?;
        let opened = scheme.decrypt(passphrase.as_bytes(), data).map_err(|_| KeyError::WrongPassphrase)?;
        return Ok(Zeroizing::new(opened));
    }
    let parameters = parts.get(1).and_then(|parameters| parameters.children_of(SEQUENCE));
    let parameters = parameters.ok_or(KeyError::Unreadable)?;
    let [salt, rounds] = parameters.as_slice() else { return Err(KeyError::Unreadable) };
    let rounds = rounds.small().filter(|&rounds| rounds <= MAX_ROUNDS).ok_or(KeyError::Unsupported)?;
    let key = |use_of, size| derive(Digest::Sha1, passphrase, salt.content, use_of, rounds, size);
    let iv = key(2, 8);
    let opened = match kind {
        TRIPLE_DES => cbc::Decryptor::<des::TdesEde3>::new_from_slices(&key(1, 24), &iv)
            .map_err(|_| KeyError::Unreadable)?
            .decrypt_padded_vec::<Pkcs7>(data),
        RC2_40 => cbc::Decryptor::<rc2::Rc2>::new_from_slices(&key(1, 5), &iv)
            .map_err(|_| KeyError::Unreadable)?
            .decrypt_padded_vec::<Pkcs7>(data),
        _ => return Err(KeyError::Unsupported),
    };
    opened.map(Zeroizing::new).map_err(|_| KeyError::WrongPassphrase)
}

/// Whether a key can be had from a passphrase in this way without minutes, or a memory that no machine has.
pub(super) fn affordable(scheme: &EncryptionScheme) -> bool {
    const MAX_MEMORY: u64 = 64 << 20;
    let EncryptionScheme::Pbes2(parameters) = scheme else { return true };
    match &parameters.kdf {
        Kdf::Pbkdf2(parameters) => u64::from(parameters.iteration_count) <= MAX_ROUNDS,
        Kdf::Scrypt(parameters) => {
            let block = 128 * u64::from(parameters.block_size);
            let memory = parameters.cost_parameter.checked_mul(block);
            let work = memory.and_then(|memory| memory.checked_mul(parameters.parallelization.into()));
            work.is_some_and(|work| work <= MAX_MEMORY)
        }
        _ => false,
    }
}

/// Bytes of a passphrase: RFC 7292, B.2. `use_of` is 1 for a key, 2 for an initial vector, 3 for a MAC.
fn derive(
    digest: Digest,
    passphrase: &Passphrase,
    salt: &[u8],
    use_of: u8,
    rounds: u64,
    size: usize,
) -> Zeroizing<Vec<u8>> {
    let block = if matches!(digest, Digest::Sha384 | Digest::Sha512) { 128 } else { 64 };
    // Room for all of it at once: what grows leaves copies behind.
    let mut password = Zeroizing::new(Vec::with_capacity(2 * passphrase.as_str().len() + 2));
    password.extend(passphrase.as_str().encode_utf16().chain([0]).flat_map(u16::to_be_bytes));
    let filled = |bytes: &[u8]| block * bytes.len().div_ceil(block);
    let mut input = Zeroizing::new(Vec::with_capacity(filled(salt) + filled(&password)));
    input.extend(salt.iter().cycle().take(filled(salt)));
    input.extend(password.iter().cycle().take(filled(&password)));
    let mut out = Zeroizing::new(Vec::with_capacity(size + 64));
    while out.len() < size {
        let mut hash = Zeroizing::new(digest.of_all(&[&vec![use_of; block], &input]));
        for _ in 1..rounds {
            hash = Zeroizing::new(digest.of_all(&[&hash]));
        }
        out.extend_from_slice(&hash);
        // Each block of the input grows by the hash, as a number, and by one.
        for chunk in input.chunks_exact_mut(block) {
            let mut carry = 1u16;
            for (place, byte) in chunk.iter_mut().enumerate().rev() {
                let sum = u16::from(*byte) + u16::from(hash[place % hash.len()]) + carry;
                *byte = sum as u8;
                carry = sum >> 8;
            }
        }
    }
    out.truncate(size);
    out
}
