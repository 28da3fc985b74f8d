//! Why a request was refused: `application/problem+json` by RFC 9457, in Chinese and English.
//!
//! What a [`Problem`] says travels as [`Told`] in the extensions of its answer; `attend` writes the body, because it knows
//! the id of the request.

use axum::http::header::{ACCEPT_ENCODING, ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::size::Size;
use crate::{Diagnostic, ExportError, Message, message};

/// The media type of problems.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// The option that raises the limits of bodies.
pub const MAX_BODY: &str = "--max-body";

/// Why a request was refused. In a box: it travels in results whose other side is small.
#[derive(Clone, Debug)]
pub struct Problem(Box<Contents>);

/// What a problem says.
#[derive(Clone, Debug)]
struct Contents {
    status: StatusCode,
    /// What it is called: the end of its `type`.
    name: &'static str,
    title: Message,
    detail: Message,
    /// Of a report that was refused.
    findings: Option<Vec<Diagnostic>>,
    /// Of a body that is too large.
    exceeded: Option<Exceeded>,
    retry_after: Option<u32>,
    /// Of an address that was called by a method that it does not take: those that it takes.
    allowed: Option<&'static str>,
}

/// A limit, what was sent, and the option that raises it.
#[derive(Clone, Copy, Debug)]
struct Exceeded {
    limit: usize,
    /// Not known where the length was not declared.
    sent: Option<u64>,
    option: Option<&'static str>,
}

impl Problem {
    fn new(status: StatusCode, name: &'static str, title: Message, detail: Message) -> Problem {
        let (findings, exceeded, retry_after, allowed) = (None, None, None, None);
        Problem(Box::new(Contents { status, name, title, detail, findings, exceeded, retry_after, allowed }))
    }

    fn with(mut self, change: impl FnOnce(&mut Contents)) -> Problem {
        change(&mut self.0);
        self
    }

    /// 400: the request is wrong.
    pub fn request(detail: Message) -> Problem {
        let title = message!("请求不对", "the request is wrong");
        Problem::new(StatusCode::BAD_REQUEST, "request", title, detail)
    }

    /// 400: two headers tell the length of the body, and may tell two lengths.
    pub fn two_lengths() -> Problem {
        Problem::request(message!(
            "请求头 Transfer-Encoding 和 Content-Length 只能有一个",
            "a request has either the header Transfer-Encoding or Content-Length"
        ))
    }

    /// 400: the file that was sent cannot be read.
    pub fn file(detail: Message) -> Problem {
        let title = message!("文件读不了", "the file cannot be read");
        Problem::new(StatusCode::BAD_REQUEST, "file", title, detail)
    }

    /// 401: no token, or a wrong one.
    pub fn token() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "token",
            message!("要有令牌", "a token is needed"),
            message!(
                "加上请求头 Authorization: Bearer 令牌；令牌由服务的管理员给",
                "send the header Authorization: Bearer TOKEN; the administrator of the service gives the token"
            ),
        )
    }

    /// 403: a page of another origin asked a browser to send it.
    pub fn origin() -> Problem {
        Problem::new(
            StatusCode::FORBIDDEN,
            "origin",
            message!("不接受其他网页发来的请求", "requests of other pages are not accepted"),
            message!(
                "请求由别的网站的网页发出；确要允许，启动服务时用 --origin 写明它的来源",
                "a page of another site sent it; to permit that, name its origin by --origin when the service is started"
            ),
        )
    }

    /// 404.
    pub fn not_found() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "address",
            message!("没有这个地址", "there is no such address"),
            message!("各个地址列在 /openapi.json", "/openapi.json lists all addresses"),
        )
    }

    /// 404: no layout has this id.
    pub fn no_layout(detail: Message) -> Problem {
        let title = message!("没有这个版式", "there is no such layout");
        Problem::new(StatusCode::NOT_FOUND, "layout", title, detail)
    }

    /// 405; `allowed` are the methods that the address takes, as the header says them.
    pub fn method(allowed: &'static str) -> Problem {
        Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method",
            message!("方法不对", "the method is wrong"),
            message!("这个地址用 {allowed}", "this address takes {allowed}"),
        )
        .with(|it| it.allowed = Some(allowed))
    }

    /// 408: the body came too slowly.
    pub fn slow() -> Problem {
        Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "slow",
            message!("请求来得太慢", "the request came too slowly"),
            message!("请求体要在 30 秒内发完", "a body must be sent within 30 seconds"),
        )
    }

    /// 413: the body or a part of it is too large; `what` names it.
    pub fn too_large(what: Message, limit: usize, sent: Option<u64>) -> Problem {
        let (size, Message { zh, en }) = (Size(limit), what);
        let (sent_zh, sent_en) = match sent {
            Some(sent) => (format!("，发来 {sent} 字节"), format!(", {sent} bytes were sent")),
            None => Default::default(),
        };
        let exceeded = Some(Exceeded { limit, sent, option: Some(MAX_BODY) });
        let detail = message!(
            "{zh}最多 {size}（{limit} 字节）{sent_zh}；启动服务时用 {MAX_BODY} 放宽",
            "{en} may have {size} ({limit} bytes){sent_en}; {MAX_BODY} raises it when the service is started"
        );
        let title = message!("请求太大", "the request is too large");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "size", title, detail).with(|it| it.exceeded = exceeded)
    }

    /// 413: a form has too many parts.
    pub fn too_many_parts(limit: usize) -> Problem {
        let detail = message!("表单最多 {limit} 个部分", "a form may have {limit} parts");
        let title = message!("请求太大", "the request is too large");
        let exceeded = Some(Exceeded { limit, sent: None, option: None });
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "parts", title, detail).with(|it| it.exceeded = exceeded)
    }

    /// 415: the body is of another kind.
    pub fn media_type(wanted: &str) -> Problem {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            message!("请求体的类型不对", "the body is of a wrong type"),
            message!("Content-Type 写 {wanted}", "write {wanted} as the Content-Type"),
        )
    }

    /// 415: the body is compressed. It is not unpacked: a small one could become a large one.
    pub fn encoding() -> Problem {
        Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "encoding",
            message!("请求体是压缩过的", "the body is compressed"),
            message!(
                "原样发送，不要请求头 Content-Encoding",
                "send it as it is, without the header Content-Encoding"
            ),
        )
    }

    /// 421: called by a name that is not its own.
    pub fn host() -> Problem {
        Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host",
            message!("不认识这个主机名", "this name of a host is not known"),
            message!(
                "用本机地址和端口访问；用别的名称访问的，启动服务时用 --host 写明",
                "call it by the address and port of this machine; another name is given by --host when the service is started"
            ),
        )
    }

    /// 422: the report, or the file, was found wanting.
    pub fn findings(findings: Vec<Diagnostic>) -> Problem {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "findings",
            message!("报告有错误", "the report has errors"),
            message!("按 findings 逐条改正后再发", "correct what findings tell, and send it again"),
        )
        .with(|it| it.findings = Some(findings))
    }

    /// The same, with what was found wanting in other words.
    pub fn found(detail: Message, findings: Vec<Diagnostic>) -> Problem {
        Problem::findings(findings).with(|it| it.detail = detail)
    }

    /// 500: a fault of the program.
    pub fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            message!("程序出错", "the program failed"),
            message!("请报告，并附上 instance 里的编号", "please report it with the id in instance"),
        )
    }

    /// 503: as many requests run and wait as may.
    pub fn busy() -> Problem {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            message!("服务正忙", "the service is busy"),
            message!("过 Retry-After 的秒数再发", "send it again after the seconds of Retry-After"),
        )
        .with(|it| it.retry_after = Some(1))
    }

    /// 503: the answer was not ready in time.
    pub fn late() -> Problem {
        Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "late",
                message!("没有按时做完", "it was not done in time"),
                message!(
                    "20 秒内没有做完；过 Retry-After 的秒数再发，报告很大的用命令行做",
                    "it was not done within 20 seconds; send it again after the seconds of Retry-After, or use the command for a large report"
                ),
            )
        .with(|it| it.retry_after = Some(5))
    }

    /// 413: the file needs more memory than a worker has.
    pub fn memory(size: Size) -> Problem {
        let title = message!("文件太费内存", "the file takes too much memory");
        let detail = message!(
            "处理这个文件要用的内存超过 {size}，或者嵌套太深；再发也做不了，在自己的机器上用命令行做",
            "the work on this file needs more memory than {size}, or it is nested too deep; sending it again does not help: use the command on a machine of your own"
        );
        let exceeded = Some(Exceeded { limit: size.0, sent: None, option: None });
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "memory", title, detail).with(|it| it.exceeded = exceeded)
    }

    /// 413: the file takes more time than an answer may.
    pub fn time() -> Problem {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "time",
            message!("文件太费时间", "the file takes too much time"),
            message!(
                "处理这个文件要用的时间超过 20 秒；再发也做不了，在自己的机器上用命令行做",
                "the work on this file takes more than 20 seconds; sending it again does not help: use the command on a machine of your own"
            ),
        )
    }

    /// 503: the process that worked on it was ended from outside.
    pub fn ended() -> Problem {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "ended",
            message!("处理中断", "the work was interrupted"),
            message!(
                "处理这个文件的进程被系统结束了；过 Retry-After 的秒数再发",
                "the system ended the process that worked on this file; send it again after the seconds of Retry-After"
            ),
        )
        .with(|it| it.retry_after = Some(1))
    }

    /// The body, but for the id of the request.
    fn told(&self) -> Told {
        let mut object = json!({
            "type": format!("urn:gongwen:problem:{}", self.0.name),
            "title": self.0.title.zh,
            "title_en": self.0.title.en,
            "status": self.0.status.as_u16(),
            "detail": self.0.detail.zh,
            "detail_en": self.0.detail.en,
            "instance": null,
        });
        if let Some(findings) = &self.0.findings {
            object["findings"] = json!(findings);
        }
        if let Some(Exceeded { limit, sent, option }) = self.0.exceeded {
            object["limit"] = json!(limit);
            object["sent"] = sent.map_or(Value::Null, Value::from);
            object["option"] = json!(option);
        }
        match object {
            Value::Object(members) => Told(members),
            _ => Told(Map::new()),
        }
    }
}

/// What a problem says, in the extensions of its answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Told(Map<String, Value>);

impl Told {
    /// The body, with the id of the request.
    pub fn body(mut self, id: &str) -> Vec<u8> {
        self.0.insert("instance".to_owned(), Value::String(format!("urn:gongwen:request:{id}")));
        Value::Object(self.0).to_string().into_bytes()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"gongwen\""));
        }
        if let Some(allowed) = self.0.allowed {
            headers.insert(ALLOW, HeaderValue::from_static(allowed));
        }
        if self.0.name == "encoding" {
            // RFC 9110, 12.5.3: which codings would have been taken.
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        response.extensions_mut().insert(self.told());
        response
    }
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Problem {
        match error {
            ExportError::Rejected(rejected) => Problem::findings(rejected.findings),
            ExportError::Options(error) => Problem::request(error.message()),
            ExportError::Internal(_) => Problem::internal(),
        }
    }
}

/// Panics are told by their place alone: their message may hold what a report says.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        // The drawing thread's panics are answers about a damaged file.
        if std::thread::current().name() == Some(crate::preview::THREAD) {
            return;
        }
        if let Some(place) = panic.location() {
            super::log::note(&format!("panic at {}:{}", place.file(), place.line()));
        }
    }));
}
