//! The HTTP requests of `sign`, made only if its options ask for them: time stamps and revocation data.
//!
//! Most of these services use HTTP without TLS (RFC 3161, 3.4; RFC 5280, 8), because their responses are
//! signed. With TLS, servers must have certificates of the authorities that browsers trusted when the program
//! was built; an https address is never answered without TLS.

use std::time::Duration;

use crate::Message;
use crate::message;
use crate::sign::{Fetch, TimeStamper};
use ureq::Agent;

/// The largest response: lists of revoked certificates are long.
const MAX_RESPONSE: u64 = 64 << 20;

/// A time-stamping service at an address.
pub struct HttpStamper(pub String);

impl TimeStamper for HttpStamper {
    fn stamp(&self, request: &[u8]) -> Result<Vec<u8>, Message> {
        Http.post(&self.0, "application/timestamp-query", request)
    }
}

/// The network.
pub struct Http;

impl Fetch for Http {
    fn post(&self, url: &str, media_type: &str, body: &[u8]) -> Result<Vec<u8>, Message> {
        let response = agent(url)?.post(url).header("Content-Type", media_type).send(body);
        read(url, response)
    }

    fn get(&self, url: &str) -> Result<Vec<u8>, Message> {
        read(url, agent(url)?.get(url).call())
    }
}

fn agent(url: &str) -> Result<Agent, Message> {
    let encrypted = url.starts_with("https://");
    if !encrypted && !url.starts_with("http://") {
        return Err(message!(
            "{url}：只支持 http:// 和 https:// 地址",
            "{url}: only http:// and https:// addresses are known"
        ));
    }
    let config = Agent::config_builder().timeout_global(Some(Duration::from_secs(30)));
    Ok(config.https_only(encrypted).build().into())
}

fn read(
    url: &str,
    response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Vec<u8>, Message> {
    let read = |mut response: ureq::http::Response<ureq::Body>| {
        response.body_mut().with_config().limit(MAX_RESPONSE).read_to_vec()
    };
    response.and_then(read).map_err(|error| {
        let error = error.to_string();
        // The wording of rustls: "invalid peer certificate: UnknownIssuer".
        match error.split_once("peer certificate: ") {
            Some((_, why)) => message!(
                "{url}：服务器的 TLS 证书不可信（{why}）；时间戳和吊销信息本身有签名，服务器若有 http:// 地址可改用",
                "{url}: the TLS certificate of the server is not trusted ({why}); time stamps and revocation data are signed themselves: use its http:// address, if it has one"
            ),
            None => message!("{url}：{error}", "{url}: {error}"),
        }
    })
}
