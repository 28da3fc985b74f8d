//! What passes between the service and its workers: a request as a [`Parcel`], its answer as a [`Reply`].
//!
//! Both are a frame: the length of the head (four bytes) and of the body (eight bytes), the head as JSON, the body. A frame
//! is read to its end before another one is written, so that the two ends never wait for each other.

use std::io::{self, Read, Write};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::log::Issuer;
use super::problem::Told;

/// The most bytes of a head: a problem with all its findings is in it.
const MOST_HEAD: usize = 64 << 20;

/// A request, as far as the addresses look at it. Its body is whole and within its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    pub head: ParcelHead,
    pub body: Bytes,
}

/// What stands before the body of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParcelHead {
    /// Path and query.
    address: String,
    media_type: Option<String>,
}

impl ParcelHead {
    pub fn of(request: &Request) -> ParcelHead {
        let media_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        ParcelHead { address: request.uri().to_string(), media_type: media_type.map(str::to_owned) }
    }
}

impl Parcel {
    /// The request again; none if it was never one.
    pub fn into_request(self) -> Option<Request> {
        let ParcelHead { address, media_type } = self.head;
        let request = axum::http::Request::post(address);
        let request = match media_type {
            Some(media_type) => request.header(CONTENT_TYPE, media_type),
            None => request,
        };
        request.body(Body::from(self.body)).ok()
    }

    /// The next one; none when no more come.
    pub fn read(from: &mut impl Read) -> io::Result<Option<Parcel>> {
        let mut lengths = [0; LENGTHS];
        if from.read(&mut lengths[..1])? == 0 {
            return Ok(None);
        }
        from.read_exact(&mut lengths[1..])?;
        let (head, body) = split(lengths)?;
        let (mut head, mut body) = (vec![0; head], vec![0; body]);
        from.read_exact(&mut head)?;
        from.read_exact(&mut body)?;
        Ok(Some(Parcel { head: parsed(&head)?, body: body.into() }))
    }

    pub async fn send(&self, to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        to.write_all(&start(&self.head, self.body.len())?).await?;
        to.write_all(&self.body).await?;
        to.flush().await
    }
}

/// The answer of a worker.
#[derive(Debug)]
pub struct Reply {
    pub head: ReplyHead,
    body: Bytes,
}

/// What stands before the body of an answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReplyHead {
    status: u16,
    headers: Vec<(String, String)>,
    issuer: Option<String>,
    problem: Option<Told>,
    /// How many faults of the program the request found.
    pub panics: u64,
}

impl Reply {
    /// An answer with what it carries for the log and for the id of its request.
    pub async fn of(mut response: Response, panics: u64) -> Result<Reply, axum::Error> {
        let extensions = response.extensions_mut();
        let issuer = extensions.remove::<Issuer>().map(|Issuer(issuer)| issuer);
        let problem = extensions.remove::<Told>();
        let status = response.status().as_u16();
        // The length is told by who sends the answer.
        let told = response.headers().iter().filter(|(name, _)| **name != CONTENT_LENGTH);
        let headers = told
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await?;
        Ok(Reply { head: ReplyHead { status, headers, issuer, problem, panics }, body })
    }

    /// The answer again.
    pub fn into_response(self) -> Response {
        let ReplyHead { status, headers, issuer, problem, .. } = self.head;
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
            {
                response.headers_mut().append(name, value);
            }
        }
        if let Some(issuer) = issuer {
            response.extensions_mut().insert(Issuer(issuer));
        }
        if let Some(problem) = problem {
            response.extensions_mut().insert(problem);
        }
        response
    }

    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(&start(&self.head, self.body.len())?)?;
        to.write_all(&self.body)?;
        to.flush()
    }

    /// The next one, if its body has at most so many bytes.
    pub async fn receive(from: &mut (impl AsyncRead + Unpin), most: usize) -> io::Result<Reply> {
        let mut lengths = [0; LENGTHS];
        from.read_exact(&mut lengths).await?;
        let (head, body) = split(lengths)?;
        if body > most {
            return Err(io::Error::other("the answer is too large"));
        }
        let (mut head, mut body) = (vec![0; head], vec![0; body]);
        from.read_exact(&mut head).await?;
        from.read_exact(&mut body).await?;
        Ok(Reply { head: parsed(&head)?, body: body.into() })
    }
}

/// The bytes of the two lengths.
const LENGTHS: usize = 12;

/// The two lengths.
fn split(lengths: [u8; LENGTHS]) -> io::Result<(usize, usize)> {
    let [a, b, c, d, body @ ..] = lengths;
    let head = usize::try_from(u32::from_be_bytes([a, b, c, d]));
    let body = usize::try_from(u64::from_be_bytes(body));
    match (head, body) {
        (Ok(head), Ok(body)) if head <= MOST_HEAD => Ok((head, body)),
        _ => Err(io::Error::other("this is no frame")),
    }
}

fn parsed<T: DeserializeOwned>(head: &[u8]) -> io::Result<T> {
    serde_json::from_slice(head).map_err(io::Error::other)
}

/// The lengths and the head.
fn start(head: &impl Serialize, body: usize) -> io::Result<Vec<u8>> {
    let head = serde_json::to_vec(head).map_err(io::Error::other)?;
    let length = u32::try_from(head.len()).map_err(io::Error::other)?;
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.extend_from_slice(&(body as u64).to_be_bytes());
    bytes.extend_from_slice(&head);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;
    use crate::message;
    use crate::serve::problem::Problem;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().expect("starts")
    }

    #[test]
    fn requests_come_out_as_they_went_in() {
        let request = axum::http::Request::post("/v1/import?layout=%E7%94%B2&name=a")
            .header(CONTENT_TYPE, "text/plain")
            .body(Body::empty())
            .expect("is a request");
        let parcel = Parcel { head: ParcelHead::of(&request), body: Bytes::from_static(b"\0\xff\ntext") };
        let mut pipe = Vec::new();
        for _ in 0..2 {
            runtime().block_on(parcel.send(&mut pipe)).expect("writes");
        }
        let mut from = &pipe[..];
        assert_eq!(Parcel::read(&mut from).expect("reads"), Some(parcel.clone()));
        let again = Parcel::read(&mut from).expect("reads").expect("is there");
        assert_eq!(Parcel::read(&mut from).expect("ends"), None);
        let again = again.into_request().expect("is a request");
        assert_eq!((again.uri(), again.method()), (request.uri(), request.method()));
        assert_eq!(again.headers(), request.headers());
        // Cut anywhere, it is none.
        for end in [1, 11, 12, 20, pipe.len() / 2 - 1] {
            assert!(Parcel::read(&mut &pipe[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn answers_keep_what_the_log_and_the_id_need() {
        let reason = message!("坏了", "broken");
        let there_and_back = |response: Response| {
            runtime().block_on(async {
                let reply = Reply::of(response, 3).await.expect("is whole");
                let mut pipe = Vec::new();
                reply.write(&mut pipe).expect("writes");
                assert!(Reply::receive(&mut &pipe[..], 1).await.is_err() || reply.body.len() < 2);
                let reply = Reply::receive(&mut &pipe[..], 100).await.expect("reads");
                assert_eq!(reply.head.panics, 3);
                reply.into_response()
            })
        };
        let body = |response: &mut Response| {
            let told = response.extensions_mut().remove::<Told>().expect("is a problem");
            String::from_utf8(told.body("7")).expect("is UTF-8")
        };
        let mut refused = there_and_back(Problem::file(reason.clone()).into_response());
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
        assert_eq!(body(&mut refused), body(&mut Problem::file(reason).into_response()));
        let mut made = ([(CONTENT_TYPE, "application/pdf")], "%PDF").into_response();
        made.extensions_mut().insert(Issuer("甲局".to_owned()));
        let made = there_and_back(made);
        assert_eq!(made.headers()[CONTENT_TYPE], "application/pdf");
        assert_eq!(made.extensions().get::<Issuer>().map(|Issuer(name)| name.as_str()), Some("甲局"));
        let body = runtime().block_on(axum::body::to_bytes(made.into_body(), 100)).expect("is whole");
        assert_eq!(&body[..], b"%PDF");
    }
}
