//! The few questions that `sign` asks over HTTP, and only when told so: time stamps, and what revocation says.
//!
//! HTTP without TLS is what these services speak (RFC 3161, 3.4; RFC 5280, 8): their answers are signed themselves.

use std::time::Duration;

use gongwen::Message;
use gongwen::message;
use gongwen::sign::TimeStamper;
use ureq::Agent;

/// The largest answer: lists of revoked certificates are long.
const MAX_ANSWER: u64 = 64 << 20;

/// A time stamper at an address.
pub struct HttpStamper(pub String);

impl TimeStamper for HttpStamper {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, Message> {
        post(&self.0, "application/timestamp-query", request)
    }
}

/// Sends a question, and gives the answer.
pub fn post(url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, Message> {
    let answer = agent(url)?.post(url).header("Content-Type", media_type).send(body);
    read(url, answer)
}

/// Fetches a file.
pub fn get(url: &str) -> Result<Vec<u8>, Message> {
    read(url, agent(url)?.get(url).call())
}

fn agent(url: &str) -> Result<Agent, Message> {
    if !url.starts_with("http://") {
        return Err(message!(
            "{url}：只支持 http:// 地址（回答本身有签名，不需要 TLS）",
            "{url}: only http:// addresses are known (the answers are signed themselves)"
        ));
    }
    Ok(Agent::config_builder().timeout_global(Some(Duration::from_secs(30))).build().into())
}

fn read(
    url: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, Message> {
    let read = |mut answer: ureq::http::Response<ureq::Body>| {
        answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec()
    };
    answer.and_then(read).map_err(|error| message!("{url}：{error}", "{url}: {error}"))
}
