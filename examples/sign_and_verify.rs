//! A report exported, signed and verified: `cargo run --example sign_and_verify -- ID.p12 PASSPHRASE ROOTS.pem`.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "an example prints what it did")]

use gongwen::sign::{Certificate, Passphrase, SignOptions, SigningKey, sign};
use gongwen::verify::{VerifyOptions, verify};
use gongwen::{Exporter, Format, Options, PdfOptions, Time};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(p12), Some(passphrase), Some(roots)) = (arguments.next(), arguments.next(), arguments.next())
    else {
        return Err("usage: sign_and_verify ID.p12 PASSPHRASE ROOTS.pem".into());
    };
    let exporter = Exporter::new();
    let options = Options {
        formats: vec![Format::Pdf],
        embed_source: true,
        pdf: PdfOptions { signatories: 1, ..PdfOptions::default() },
        ..Options::default()
    };
    let export = exporter.export(&std::fs::read("examples/qingzhen-2023.json")?, &options, &())?;
    let key = SigningKey::from_pkcs12(&std::fs::read(p12)?, &Passphrase::new(passphrase))?;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let now = Time::from_unix(now.as_secs()).ok_or("the clock is wrong")?;
    let signed = sign(export.file(Format::Pdf).unwrap_or_default(), &key, &SignOptions::at(now))?;
    let roots = Some(Certificate::read_all(&std::fs::read(roots)?)?);
    let found = verify(
        &signed.bytes,
        &VerifyOptions { roots, now: Some(now), ..VerifyOptions::default() },
        &exporter,
    )?;
    println!("{} of field {}: {}", signed.certificate.subject(), signed.field, found.holds());
    Ok(())
}
