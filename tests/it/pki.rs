//! Keys, certificates, lists, answers and time stamps for the tests, made by a writer that is not the program's.
//!
//! Keys of curves come from a number, so that they are the same every time; nothing here is a secret.

use std::io::{Read, Write};
use std::net::TcpListener;

use p256::ecdsa::signature::Signer;
use pkcs8::{EncodePrivateKey, EncodePublicKey};
use sha2::{Digest, Sha256};

/// A value in DER.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        length @ 0..0x80 => out.push(length as u8),
        length @ 0x80..0x1_0000 => out.extend([0x82, (length >> 8) as u8, length as u8]),
        length => out.extend([0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8]),
    }
    // The short form of one byte is what DER asks for between 128 and 255.
    if (0x80..0x100).contains(&content.len()) {
        out.truncate(1);
        out.extend([0x81, content.len() as u8]);
    }
    out.extend_from_slice(content);
    out
}

/// A sequence of values.
pub fn seq(parts: &[&[u8]]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// An object identifier.
pub fn oid(text: &str) -> Vec<u8> {
    tlv(6, der::oid::ObjectIdentifier::new_unwrap(text).as_bytes())
}

const SHA256: &str = "2.16.840.1.101.3.4.2.1";
/// The beginning and the end of what certificates are usually valid for.
const VALID: (&str, &str) = ("20200101000000Z", "20400101000000Z");

/// A private key.
pub enum Key {
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    Rsa(Box<rsa::PrivateKey>),
    Sm2(Box<sm2::SecretKey>),
}

impl Key {
    pub fn p256(number: u8) -> Key {
        Key::P256(p256::ecdsa::SigningKey::from_slice(&[number; 32]).expect("is in range"))
    }

    pub fn p384(number: u8) -> Key {
        Key::P384(p384::ecdsa::SigningKey::from_slice(&[number; 48]).expect("is in range"))
    }

    pub fn rsa(bits: usize) -> Key {
        let mut random = p12_keystore::rand::rng();
        Key::Rsa(Box::new(rsa::PrivateKey::new(&mut random, bits).expect("there are such keys")))
    }

    pub fn sm2(number: u8) -> Key {
        Key::Sm2(Box::new(sm2::SecretKey::from_slice(&[number; 32]).expect("is in range")))
    }

    /// As PKCS#8.
    pub fn der(&self) -> Vec<u8> {
        let document = match self {
            Key::P256(key) => key.to_pkcs8_der(),
            Key::P384(key) => key.to_pkcs8_der(),
            Key::Rsa(key) => key.to_pkcs8_der(),
            Key::Sm2(key) => key.to_pkcs8_der(),
        };
        document.expect("encodes").as_bytes().to_vec()
    }

    pub fn pem(&self) -> String {
        pem("PRIVATE KEY", &self.der())
    }

    fn info(&self) -> Vec<u8> {
        let document = match self {
            Key::P256(key) => key.verifying_key().to_public_key_der(),
            Key::P384(key) => key.verifying_key().to_public_key_der(),
            Key::Rsa(key) => key.to_public_key().to_public_key_der(),
            Key::Sm2(key) => key.public_key().to_public_key_der(),
        };
        document.expect("encodes").as_bytes().to_vec()
    }

    fn algorithm(&self) -> Vec<u8> {
        match self {
            Key::P256(_) => seq(&[&oid("1.2.840.10045.4.3.2")]),
            Key::P384(_) => seq(&[&oid("1.2.840.10045.4.3.3")]),
            Key::Rsa(_) => seq(&[&oid("1.2.840.113549.1.1.11"), &[5, 0]]),
            Key::Sm2(_) => seq(&[&oid("1.2.156.10197.1.501")]),
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Key::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Key::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Rsa(key) => key.pkcs1v15_sign::<Sha256>(message).expect("signs"),
            Key::Sm2(_) => unreachable!("no test has anything signed by it"),
        }
    }

    /// A signed value: what is signed, how, and the signature.
    fn signed(&self, content: &[u8]) -> Vec<u8> {
        let signature = [vec![0], self.sign(content)].concat();
        seq(&[content, &self.algorithm(), &tlv(3, &signature)])
    }
}

/// A key with its certificate.
pub struct Identity {
    pub key: Key,
    pub certificate: Vec<u8>,
    pub serial: u8,
    name: Vec<u8>,
}

/// What a certificate is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Purpose {
    Authority,
    Signing,
    TimeStamps,
    /// The same, but not marked as what must be understood.
    LooseTimeStamps,
    /// A server of the web.
    Server,
    /// To answer in its issuer's name.
    Answering,
}

/// How a certificate is to be.
pub struct Wish<'a> {
    pub name: &'a str,
    pub serial: u8,
    pub purpose: Purpose,
    pub valid: (&'a str, &'a str),
    /// Where to ask whether it was revoked.
    pub ocsp: Option<String>,
    /// Where the list of revoked certificates is.
    pub list: Option<&'a str>,
    /// The extended key usages of one that signs or issues.
    pub purposes: &'a [&'a str],
}

impl<'a> Wish<'a> {
    pub fn new(name: &'a str, serial: u8, purpose: Purpose) -> Self {
        Wish { name, serial, purpose, valid: VALID, ocsp: None, list: None, purposes: &[] }
    }
}

/// A root: a self-signed certificate of a P-256 key.
pub fn root(name: &str) -> Identity {
    let wish = Wish::new(name, 1, Purpose::Authority);
    certificate(Key::p256(name.len() as u8 + 100), &wish, None)
}

impl Identity {
    /// Issues a certificate for a key.
    pub fn issue(&self, key: Key, wish: &Wish) -> Identity {
        certificate(key, wish, Some(self))
    }

    /// The same for a signer of this name.
    pub fn signer(&self, key: Key, name: &str, serial: u8) -> Identity {
        self.issue(key, &Wish::new(name, serial, Purpose::Signing))
    }

    pub fn pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }

    /// As PKCS#12.
    pub fn p12(&self, passphrase: &str, old: bool) -> Vec<u8> {
        use p12_keystore::{EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKeyChain};
        let key = p12_keystore::PrivateKey::from_der(&self.key.der()).expect("is PKCS#8");
        let certificate = p12_keystore::Certificate::from_der(&self.certificate).expect("is one");
        let mut store = KeyStore::new();
        store
            .add_entry("key", KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("id", key, [certificate])));
        let (encryption, mac) = if old {
            (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1)
        } else {
            (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256)
        };
        let writer = store.writer(passphrase).encryption_algorithm(encryption).mac_algorithm(mac);
        writer.encryption_iterations(100).mac_iterations(100).write().expect("writes")
    }

    /// A list of what this authority revoked, at these times.
    pub fn crl(&self, revoked: &[(u8, &str)]) -> Vec<u8> {
        self.crl_with(revoked, ("20240101000000Z", Some("20300101000000Z")), &[])
    }

    /// The same of other times, and with extensions.
    pub fn crl_with(
        &self,
        revoked: &[(u8, &str)],
        times: (&str, Option<&str>),
        extensions: &[u8],
    ) -> Vec<u8> {
        let entry = |&(serial, when): &(u8, &str)| seq(&[&tlv(2, &[serial]), &tlv(0x18, when.as_bytes())]);
        self.crl_of(&revoked.iter().flat_map(entry).collect::<Vec<u8>>(), times, extensions)
    }

    /// The same of entries as they are written.
    pub fn crl_of(&self, entries: &[u8], times: (&str, Option<&str>), extensions: &[u8]) -> Vec<u8> {
        let time = |text: &str| tlv(0x18, text.as_bytes());
        let entries = if entries.is_empty() { Vec::new() } else { tlv(0x30, entries) };
        self.key.signed(&seq(&[
            &tlv(2, &[1]),
            &self.key.algorithm(),
            &self.name,
            &time(times.0),
            &times.1.map(time).unwrap_or_default(),
            &entries,
            &if extensions.is_empty() { Vec::new() } else { tlv(0xa0, &tlv(0x30, extensions)) },
        ]))
    }

    /// An answer that a certificate of this authority was not revoked.
    pub fn ocsp(&self, serial: u8) -> Vec<u8> {
        self.ocsp_by(self, serial, "20240131000000Z")
    }

    /// The same by another, who may answer in this one's name, of this time.
    pub fn ocsp_by(&self, by: &Identity, serial: u8, time: &str) -> Vec<u8> {
        self.ocsp_with(by, serial, time, [&[], &[]])
    }

    /// The same with extensions, of the statement on the certificate and of the whole answer.
    pub fn ocsp_with(
        &self,
        by: &Identity,
        serial: u8,
        time: &str,
        [of_single, of_all]: [&[u8]; 2],
    ) -> Vec<u8> {
        let explicit = |extensions: &[u8]| {
            if extensions.is_empty() { Vec::new() } else { tlv(0xa1, &tlv(0x30, extensions)) }
        };
        let time = tlv(0x18, time.as_bytes());
        // The key's bits: what follows the algorithm, without the count of unused bits.
        let info = self.key.info();
        let key = &info[info.len() - 65..];
        let sha1 = |bytes: &[u8]| tlv(4, &sha1::Sha1::digest(bytes));
        let id = seq(&[
            &seq(&[&oid("1.3.14.3.2.26"), &[5, 0]]),
            &sha1(&self.name),
            &sha1(key),
            &tlv(2, &[serial]),
        ]);
        let single = seq(&[&id, &[0x80, 0], &time, &explicit(of_single)]);
        let data = seq(&[&tlv(0xa1, &by.name), &time, &seq(&[&single]), &explicit(of_all)]);
        let signature = tlv(3, &[vec![0], by.key.sign(&data)].concat());
        let basic = seq(&[&data, &by.key.algorithm(), &signature, &tlv(0xa0, &tlv(0x30, &by.certificate))]);
        let inside = seq(&[&oid("1.3.6.1.5.5.7.48.1.1"), &tlv(4, &basic)]);
        seq(&[&tlv(10, &[0]), &tlv(0xa0, &inside)])
    }

    /// A signed message of this content, with the content inside; as a time stamper makes it, or a token.
    fn cms(&self, content_type: &str, content: &[u8], inside: bool) -> Vec<u8> {
        let attribute = |kind: &str, value: &[u8]| seq(&[&oid(kind), &tlv(0x31, value)]);
        let named = seq(&[&seq(&[&seq(&[&tlv(4, &Sha256::digest(&self.certificate))])])]);
        let mut attributes = [
            attribute("1.2.840.113549.1.9.3", &oid(content_type)),
            attribute("1.2.840.113549.1.9.4", &tlv(4, &Sha256::digest(content))),
            attribute("1.2.840.113549.1.9.16.2.47", &named),
        ];
        attributes.sort();
        let attributes = attributes.concat();
        let digest = seq(&[&oid(SHA256)]);
        let issuer = if self.serial == 1 { &self.name } else { &self.issuer() };
        let info = seq(&[
            &tlv(2, &[1]),
            &seq(&[issuer, &tlv(2, &[self.serial])]),
            &digest,
            &tlv(0xa0, &attributes),
            &self.key.algorithm(),
            &tlv(4, &self.key.sign(&tlv(0x31, &attributes))),
        ]);
        let encapsulated = if inside { tlv(0xa0, &tlv(4, content)) } else { Vec::new() };
        let data = seq(&[
            &tlv(2, &[if content_type.ends_with("1.7.1") { 1 } else { 3 }]),
            &tlv(0x31, &digest),
            &seq(&[&oid(content_type), &encapsulated]),
            &tlv(0xa0, &self.certificate),
            &tlv(0x31, &info),
        ]);
        seq(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xa0, &data)])
    }

    /// A detached signature over these bytes.
    pub fn detached(&self, content: &[u8]) -> Vec<u8> {
        self.cms("1.2.840.113549.1.7.1", content, false)
    }

    /// The same with the bytes inside.
    pub fn attached(&self, content: &[u8]) -> Vec<u8> {
        self.cms("1.2.840.113549.1.7.1", content, true)
    }

    /// The issuer's name in the certificate.
    fn issuer(&self) -> Vec<u8> {
        gongwen::sign::Certificate::from_der(&self.certificate).expect("is one").issuer_der().to_vec()
    }

    /// Answers the question of a time stamp.
    pub fn stamp(&self, question: &[u8], time: &str) -> Vec<u8> {
        // The hash is the only octet string of 32 bytes in a question.
        let place = question.windows(2).position(|pair| pair == [4, 32]).expect("a hash");
        // The nonce is the number behind it.
        let nonce = &question[place + 34..];
        let nonce = &nonce[..2 + usize::from(nonce[1])];
        let token = self.token_with(&question[place + 2..place + 34], time, nonce);
        seq(&[&seq(&[&tlv(2, &[0])]), &token])
    }

    /// A time stamp over what has this hash.
    pub fn token(&self, hash: &[u8], time: &str) -> Vec<u8> {
        self.token_with(hash, time, &[])
    }

    /// The same with a nonce, or what else may follow the time.
    pub fn token_with(&self, hash: &[u8], time: &str, nonce: &[u8]) -> Vec<u8> {
        let info = seq(&[
            &tlv(2, &[1]),
            &oid("1.2.3.4.1"),
            &seq(&[&seq(&[&oid(SHA256)]), &tlv(4, hash)]),
            &tlv(2, &[7]),
            &tlv(0x18, time.as_bytes()),
            nonce,
        ]);
        self.cms("1.2.840.113549.1.9.16.1.4", &info, true)
    }
}

pub fn certificate(key: Key, wish: &Wish, by: Option<&Identity>) -> Identity {
    let name = seq(&[
        &tlv(0x31, &seq(&[&oid("2.5.4.6"), &tlv(0x13, b"CN")])),
        &tlv(0x31, &seq(&[&oid("2.5.4.3"), &tlv(0x0c, wish.name.as_bytes())])),
    ]);
    let signer = by.map_or(&key, |by| &by.key);
    let critical = [1, 1, 0xff];
    let extension = |kind: &str, value: &[u8]| seq(&[&oid(kind), &critical, &tlv(4, value)]);
    let mut extensions = match wish.purpose {
        Purpose::Authority => {
            let mut both = extension("2.5.29.19", &seq(&[&critical]));
            both.extend(extension("2.5.29.15", &[3, 2, 1, 0x06]));
            both
        }
        Purpose::Signing => extension("2.5.29.15", &[3, 2, 6, 0xc0]),
        Purpose::TimeStamps => extension("2.5.29.37", &seq(&[&oid("1.3.6.1.5.5.7.3.8")])),
        Purpose::LooseTimeStamps => seq(&[&oid("2.5.29.37"), &tlv(4, &seq(&[&oid("1.3.6.1.5.5.7.3.8")]))]),
        Purpose::Server => extension("2.5.29.37", &seq(&[&oid("1.3.6.1.5.5.7.3.1")])),
        Purpose::Answering => extension("2.5.29.37", &seq(&[&oid("1.3.6.1.5.5.7.3.9")])),
    };
    if !wish.purposes.is_empty() {
        let purposes: Vec<u8> = wish.purposes.iter().flat_map(|purpose| oid(purpose)).collect();
        extensions.extend(seq(&[&oid("2.5.29.37"), &tlv(4, &tlv(0x30, &purposes))]));
    }
    if let Some(list) = wish.list {
        let point = tlv(0xa0, &tlv(0xa0, &tlv(0x86, list.as_bytes())));
        extensions.extend(seq(&[&oid("2.5.29.31"), &tlv(4, &seq(&[&seq(&[&point])]))]));
    }
    if let Some(url) = &wish.ocsp {
        let access = seq(&[&seq(&[&oid("1.3.6.1.5.5.7.48.1"), &tlv(0x86, url.as_bytes())])]);
        extensions.extend(seq(&[&oid("1.3.6.1.5.5.7.1.1"), &tlv(4, &access)]));
    }
    let times = [wish.valid.0, wish.valid.1].map(|time| tlv(0x18, time.as_bytes()));
    let tbs = seq(&[
        &tlv(0xa0, &tlv(2, &[2])),
        &tlv(2, &[wish.serial]),
        &signer.algorithm(),
        by.map_or(&name, |by| &by.name),
        &seq(&[&times[0], &times[1]]),
        &name,
        &key.info(),
        &tlv(0xa3, &tlv(0x30, &extensions)),
    ]);
    let certificate = signer.signed(&tbs);
    Identity { key, certificate, serial: wish.serial, name }
}

/// Bytes as PEM.
pub fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).expect("ASCII")).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// A server on this machine that answers the bodies of requests; its address. It ends with the test's process.
pub fn serve(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/", listener.local_addr().expect("it is bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut request = Vec::new();
            let body = loop {
                let mut piece = [0; 4096];
                let count = stream.read(&mut piece).expect("reads");
                request.extend_from_slice(&piece[..count]);
                let Some(end) = request.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
                let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
                let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
                let length = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
                if request.len() >= end + 4 + length {
                    break request[end + 4..].to_vec();
                }
            };
            let answer = answer(&body);
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.write_all(&[head.into_bytes(), answer].concat()).expect("writes");
        }
    });
    address
}

/// A TLS server whose certificate no authority issued; its address.
pub fn serve_encrypted(identity: &Identity) -> String {
    use std::sync::Arc;
    let certificate = vec![identity.certificate.clone().into()];
    let key = rustls::pki_types::PrivateKeyDer::try_from(identity.key.der()).expect("is one");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("are known")
        .with_no_client_auth()
        .with_single_cert(certificate, key)
        .expect("fit");
    let listener = TcpListener::bind("127.0.0.1:0").expect("listens");
    let address = format!("https://{}/", listener.local_addr().expect("has one"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("comes");
            let mut connection = rustls::ServerConnection::new(Arc::new(config.clone())).expect("begins");
            // Whoever does not trust it ends the connection.
            let _ = connection.complete_io(&mut stream);
        }
    });
    address
}
