//! Who may ask: the names of the host, pages of other origins, and the bearer token.
//!
//! The name is looked at before everything else: a page of the internet can make its own name mean this machine, and then
//! a browser takes the service for a part of that page (DNS rebinding).

use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_DISPOSITION, CONTENT_TYPE, HOST, RETRY_AFTER};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use tower_http::cors::{AllowOrigin, CorsLayer};
use tower_http::csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError};

use super::attend::REQUEST_ID;
use super::problem::Problem;
use super::{Settings, Shared};
use crate::hash::sha256;

/// What every machine calls itself.
const OWN: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];
/// What is answered without a token: whether it lives, and the page, which asks for the token itself.
const OPEN: [&str; 3] = ["/healthz", "/readyz", "/"];
/// Where the page's own files are.
const OPEN_FOLDER: &str = "/web/";

/// A name that is no name of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no name of a host")]
pub struct HostError(pub String);

/// An origin that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no origin")]
pub struct OriginError(pub String);

/// Who may ask.
pub struct Gate {
    port: u16,
    hosts: Vec<Name>,
    origins: Vec<String>,
    /// The SHA-256 of the token: what is compared has always the same length.
    token: Option<String>,
}

/// A name of a host, in lower case, with a port or with any.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Name {
    host: String,
    port: Option<u16>,
}

impl FromStr for Name {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Name, HostError> {
        let wrong = || HostError(text.to_owned());
        let authority: Authority = text.parse().map_err(|_| wrong())?;
        let rest = &text[authority.host().len().min(text.len())..];
        // `user@host` is an authority, too, and no host.
        if text.contains('@')
            || authority.host().is_empty()
            || (!rest.is_empty() && authority.port_u16().is_none())
        {
            return Err(wrong());
        }
        Ok(Name { host: authority.host().to_ascii_lowercase(), port: authority.port_u16() })
    }
}

impl Gate {
    pub fn new(settings: &Settings, address: SocketAddr) -> Result<Gate, super::ServeError> {
        let hosts = settings.hosts.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        for origin in &settings.origins {
            let wrong = || OriginError(origin.clone());
            let _ = CsrfLayer::new().add_trusted_origin(origin).map_err(|_| wrong())?;
            HeaderValue::from_str(origin).map_err(|_| wrong())?;
        }
        Ok(Gate {
            port: address.port(),
            hosts,
            origins: settings.origins.clone(),
            token: settings.token.as_ref().map(|token| sha256(token.as_bytes())),
        })
    }

    /// Whether it is called by a name of its own.
    fn is_own(&self, text: &str) -> bool {
        let Ok(Name { host, port }) = text.parse::<Name>() else { return false };
        let is_loopback = OWN.contains(&host.as_str()) && port.unwrap_or(80) == self.port;
        let is_named =
            |name: &Name| name.host == host && (name.port.is_none() || name.port == Some(port.unwrap_or(80)));
        is_loopback || self.hosts.iter().any(is_named)
    }

    /// What permits other pages to read the answers, if there are such pages.
    pub fn cors(&self) -> Option<CorsLayer> {
        if self.origins.is_empty() {
            return None;
        }
        let origins = self.origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok());
        Some(
            CorsLayer::new()
                .allow_origin(AllowOrigin::list(origins))
                .allow_methods([Method::GET, Method::POST])
                .allow_headers([CONTENT_TYPE, AUTHORIZATION, REQUEST_ID])
                .expose_headers([
                    CONTENT_DISPOSITION,
                    RETRY_AFTER,
                    REQUEST_ID,
                    HeaderName::from_static("x-gongwen-findings"),
                ])
                .max_age(Duration::from_secs(600)),
        )
    }

    /// Whether requests must bear a token.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let given = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| sha256(token.trim().as_bytes()));
        given.is_some_and(|given| given.as_bytes().ct_eq(token.as_bytes()).into())
    }
}

/// Refuses requests to other hosts.
pub async fn host(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(HOST).iter();
    let (first, more) = (named.next(), named.next());
    let is_own = |text: &str| app.gate.is_own(text);
    let by_header = more.is_none() && first.and_then(|host| host.to_str().ok()).is_some_and(is_own);
    let by_address = request.uri().authority().is_none_or(|authority| is_own(authority.as_str()));
    if by_header && by_address { next.run(request).await } else { Problem::host().into_response() }
}

/// Refuses requests without the token.
pub async fn token(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_open = OPEN.contains(&path) || path.starts_with(OPEN_FOLDER);
    if is_open || app.gate.admits(request.headers()) {
        next.run(request).await
    } else {
        Problem::token().into_response()
    }
}

/// Refuses what a page of another origin makes a browser send.
pub fn csrf(app: &Shared) -> CsrfLayer<Foreign> {
    let layer = app.gate.origins.iter().fold(CsrfLayer::new(), |layer, origin| {
        // They were looked at when the gate was made.
        layer.add_trusted_origin(origin).unwrap_or_default()
    });
    layer.with_rejection_response(Foreign)
}

/// The answer to such requests.
#[derive(Clone, Copy, Debug)]
pub struct Foreign;

impl ResponseForProtectionError<Body> for Foreign {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        Problem::origin().into_response()
    }
}
