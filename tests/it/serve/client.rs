//! The service started on a free port, and a client that says exactly what a test wants said.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::root;

/// A service that runs until it is dropped.
pub struct Service {
    pub address: SocketAddr,
    process: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Service {
    /// With the options, at a free port of this machine.
    #[track_caller]
    pub fn start(options: &[&str]) -> Service {
        Service::start_by(Command::new(env!("CARGO_BIN_EXE_gongwen")), options)
    }

    /// The same by a command that the program is an argument of.
    #[track_caller]
    pub fn start_by(mut command: Command, options: &[&str]) -> Service {
        let mut process = command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut line = String::new();
        let mut out = BufReader::new(process.stdout.take().expect("is piped"));
        out.read_line(&mut line).expect("the address");
        let log = Arc::new(Mutex::new(String::new()));
        let (kept, errors) = (Arc::clone(&log), process.stderr.take().expect("is piped"));
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                let mut log = kept.lock().expect("is whole");
                log.push_str(&line);
                log.push('\n');
            }
        });
        // With `--json` it is the object that docs/schema/output describes.
        if let Ok(object) = serde_json::from_str::<Value>(&line) {
            let schema = serde_json::from_slice(&bytes("docs/schema/output/serve.json")).expect("is JSON");
            assert!(jsonschema::is_valid(&schema, &object), "{object}");
            line = object["address"].as_str().expect("an address").to_owned();
        }
        let address = line.trim().trim_start_matches("http://").trim_end_matches('/').parse();
        let address = address.unwrap_or_else(|_| panic!("no address: {line} {:?}", log.lock()));
        Service { address, process, log, reader: Some(reader) }
    }

    /// The id of its process.
    #[cfg(target_os = "linux")]
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.log.lock().expect("is whole").clone()
    }

    /// Tells it to end, and waits; how long it took, and what it logged.
    #[track_caller]
    pub fn end(mut self) -> (Duration, String) {
        let began = Instant::now();
        self.terminate();
        let status = self.process.wait().expect("ends");
        assert!(status.success(), "{status}");
        let took = began.elapsed();
        self.reader.take().expect("is there").join().expect("reads");
        (took, self.log())
    }

    /// Ends it without a word, and waits.
    #[cfg(target_os = "linux")]
    pub fn kill(&mut self) {
        self.process.kill().expect("is there");
        self.process.wait().expect("ends");
    }

    /// The ids of its workers.
    #[cfg(target_os = "linux")]
    pub fn workers(&self) -> Vec<u32> {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.id())).expect("lists");
        let children =
            tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("children")).ok());
        let text: String = children.collect();
        text.split_whitespace().map(|id| id.parse().expect("a number")).collect()
    }

    /// Tells it to end.
    pub fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("runs").success());
    }

    /// A request to it.
    pub fn ask(&self, method: &str, path: &str) -> Request {
        Request {
            address: self.address,
            method: method.to_owned(),
            path: path.to_owned(),
            headers: vec![("Host".to_owned(), self.address.to_string())],
            body: None,
        }
    }

    /// Posts a report as JSON.
    #[track_caller]
    pub fn post(&self, path: &str, body: impl AsRef<[u8]>) -> Answer {
        self.ask("POST", path).header("Content-Type", "application/json").body(body).send()
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send()
    }

    /// Posts a form: names, what the files are called, bytes.
    #[track_caller]
    pub fn form(&self, path: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Answer {
        let (kind, body) = form(parts);
        self.ask("POST", path).header("Content-Type", &kind).body(body).send()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A form and its media type.
pub fn form(parts: &[(&str, Option<&str>, &[u8])]) -> (String, Vec<u8>) {
    let boundary = "--------------------------gongwen0123456789";
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// A request that is not sent yet.
#[derive(Clone)]
pub struct Request {
    address: SocketAddr,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A header in place of those of the name.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without a header.
    pub fn without(mut self, name: &str) -> Request {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self
    }

    pub fn body(self, body: impl AsRef<[u8]>) -> Request {
        Request { body: Some(body.as_ref().to_vec()), ..self }
    }

    /// The head as it is sent.
    pub fn head(&self) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some(body) = &self.body {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        head + "Connection: close\r\n\r\n"
    }

    /// Sends everything, then reads everything, as simple clients do.
    #[track_caller]
    pub fn send(&self) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("sets");
        let mut bytes = self.head().into_bytes();
        bytes.extend(self.body.iter().flatten());
        stream.write_all(&bytes).expect("is taken");
        Answer::read(stream)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// All that comes until the connection ends.
    #[track_caller]
    pub fn read(stream: impl Read) -> Answer {
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).expect("an answer");
        let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("no status: {line:?}"));
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("headers");
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let is_chunked =
            headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).expect("the body");
        let body = if is_chunked { joined(&rest) } else { rest };
        Answer { status, headers, body }
    }

    /// The same, if it has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    /// The problem of this status and name, in both languages.
    #[track_caller]
    pub fn problem(&self, status: u16, name: &str) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        let problem = self.json();
        assert_eq!(problem["type"], format!("urn:gongwen:problem:{name}"), "{problem}");
        assert_eq!(problem["status"], status);
        for text in ["title", "title_en", "detail", "detail_en", "instance"] {
            assert!(problem[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {problem}");
        }
        problem
    }
}

/// The bytes of a body in chunks.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let length =
            std::str::from_utf8(&rest[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(length) = length.filter(|length| *length > 0) else { break };
        body.extend_from_slice(&rest[end + 2..end + 2 + length]);
        rest = &rest[end + 4 + length..];
    }
    body
}

/// The bytes of a file of the project.
#[track_caller]
pub fn bytes(path: impl AsRef<Path>) -> Vec<u8> {
    std::fs::read(root().join(path)).expect("reads")
}
