//! The HTTP requests of `sign`, made only if its options ask for them: time stamps and revocation data.
//!
//! Most of these services use HTTP without TLS (RFC 3161, 3.4; RFC 5280, 8), because their responses are
//! signed. With TLS, servers must have certificates of the authorities that browsers trusted when the program
//! was built; an https address is never answered without TLS.

use std::time::Duration;

use crate::sign::{Fetch, TimeStamper, TransportError};
use ureq::Agent;

/// The largest response: lists of revoked certificates are long.
const MAX_RESPONSE: u64 = 64 << 20;

/// A time-stamping service at an address.
pub struct HttpStamper(pub String);

impl TimeStamper for HttpStamper {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, TransportError> {
        Http.post(&self.0, "application/timestamp-query", request)
    }
}

/// The network.
pub struct Http;

impl Fetch for Http {
    fn post(&self, url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, TransportError> {
        let answer = agent(url)?.post(url).header("Content-Type", media_type).send(body);
        read(url, answer)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, TransportError> {
        read(url, agent(url)?.get(url).call())
    }
}

fn agent(url: &str) -> Result<Agent, TransportError> {
    let encrypted = url.starts_with("https://");
    if !encrypted && !url.starts_with("http://") {
        return Err(TransportError::UnsupportedScheme { url: url.to_owned() });
    }
    let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(30)));
    Ok(config.https_only(encrypted).build().into())
}

fn read(
    url: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, TransportError> {
    let read = |mut answer: ureq::http::Response<ureq::Body>| {
        answer.body_mut().with_config().limit(MAX_RESPONSE).read_to_vec()
    };
    answer.and_then(read).map_err(|error| {
        let (url, cause) = (url.to_owned(), error.to_string());
        // In the words of rustls: "invalid peer certificate: UnknownIssuer".
        match cause.split_once("peer certificate: ") {
            Some((_, why)) => TransportError::UntrustedServer { url, cause: why.to_owned() },
            None => TransportError::Failed { url, cause },
        }
    })
}
