//! What the service does with too much, too slow, and with its end.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Answer, Service, bytes, form};
use crate::command::short_report;

#[test]
fn too_much_is_413_that_a_simple_client_sees() {
    let service = Service::start(&["--max-body", "64K"]);
    let large = vec![b' '; 3 << 20];
    let answer = service.post("/v1/check", &large);
    let problem = answer.problem(413, "size");
    assert_eq!(problem["limit"], 64 << 10);
    assert_eq!(problem["sent"], 3 << 20);
    assert_eq!(problem["option"], "--max-body");
    service.form("/v1/check", &[("report", None, &large)]).problem(413, "size");
    service.ask("POST", "/v1/extract").body(&large).send().problem(413, "size");
    // Without a declared length it is found on the way.
    let mut stream = TcpStream::connect(service.address).expect("connects");
    let head = format!(
        "POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        service.address
    );
    stream.write_all(head.as_bytes()).expect("is taken");
    for _ in 0..100 {
        stream.write_all(b"1000\r\n").expect("is taken");
        stream.write_all(&[b' '; 0x1000]).expect("is taken");
        stream.write_all(b"\r\n").expect("is taken");
    }
    stream.write_all(b"0\r\n\r\n").expect("is taken");
    Answer::read(stream).problem(413, "size");

    let usual = Service::start(&[]);
    usual.post("/v1/check", vec![b' '; (4 << 20) + 1]).problem(413, "size");
    usual.post("/v1/check", vec![b' '; 4 << 20]).is(200);
    usual.form("/v1/check", &[("report", None, &vec![b' '; (4 << 20) + 1])]).problem(413, "size");
    usual.ask("POST", "/v1/extract").body(vec![b' '; (32 << 20) + 1]).send().problem(413, "size");
    let names: Vec<String> = (0..65).map(|number| format!("part{number}")).collect();
    let parts: Vec<(&str, Option<&str>, &[u8])> =
        names.iter().map(|name| (name.as_str(), None, &b"x"[..])).collect();
    let problem = usual.form("/v1/check", &parts).problem(413, "parts");
    assert_eq!(problem["limit"], 64);
    // A client that waits to be told to send is told the answer.
    let mut stream = TcpStream::connect(usual.address).expect("connects");
    let head = format!(
        "POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 900000000\r\nExpect: 100-continue\r\n\r\n",
        usual.address
    );
    stream.write_all(head.as_bytes()).expect("is taken");
    Answer::read(stream).problem(413, "size");
    let long = "x".repeat(17 << 10);
    assert_eq!(usual.ask("GET", "/version").header("X-Long", &long).send().status, 431);
}

#[test]
fn more_than_may_wait_is_503_at_once_and_health_is_answered() {
    let service = Service::start(&["--jobs", "1", "--queue", "2"]);
    let report = bytes("examples/qingzhen-2023.json");
    let expected = service.post("/v1/export?as=pdf", &report).is(200).body;
    let (kind, body) = form(&[("report", None, &report)]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || {
            let request = service.ask("POST", "/v1/export?as=pdf").header("Content-Type", &kind).body(&body);
            let answer = request.send();
            if answer.status == 503 {
                assert_eq!(answer.problem(503, "busy")["findings"], serde_json::Value::Null);
                assert!(answer.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
            } else {
                assert!(answer.body == expected, "the same bytes under load");
            }
            answer.status
        };
        let clients: Vec<_> = (0..40).map(|_| scope.spawn(ask)).collect();
        for _ in 0..5 {
            service.get("/healthz").is(200);
            service.get("/readyz").is(200);
        }
        clients.into_iter().map(|client| client.join().expect("is answered")).collect()
    });
    let of = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert!(of(200) >= 3 && of(503) > 0, "{statuses:?}");
    assert_eq!(of(200) + of(503), 40, "{statuses:?}");
    service.post("/v1/export?as=pdf", &report).is(200);
}

#[test]
fn too_much_is_refused_before_it_comes() {
    let service = Service::start(&[]);
    for address in ["/v1/check", "/v1/import", "/v1/export?as=pdf"] {
        let mut stream = TcpStream::connect(service.address).expect("connects");
        let head = format!(
            "POST {address} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n",
            service.address
        );
        let began = Instant::now();
        stream.write_all(head.as_bytes()).expect("is taken");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("is answered");
        assert_eq!(&answer, b"HTTP/1.1 413");
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        // What comes all the same is taken for a while, so that a client that sends first sees the answer.
        for _ in 0..20 {
            stream.write_all(&vec![b' '; 1 << 20]).expect("is taken");
        }
        let mut rest = vec![0; 2000];
        let read = stream.read(&mut rest).expect("reads");
        let text = String::from_utf8_lossy(&rest[..read]).into_owned();
        assert!(
            text.to_ascii_lowercase().contains("connection: close") && text.contains(":size\""),
            "{text}"
        );
    }
}

#[test]
fn two_lengths_of_one_body_are_400_and_the_end_of_the_connection() {
    let service = Service::start(&[]);
    let lengths = [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 5",
    ];
    let report = short_report("题");
    // By itself, and after a request on the same connection, together with it.
    let first = format!(
        "POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{report}",
        service.address,
        report.len()
    );
    for lengths in lengths {
        for before in ["", &first] {
            let mut stream = TcpStream::connect(service.address).expect("connects");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("sets");
            let hidden = format!("GET /v1/layouts HTTP/1.1\r\nHost: {}\r\n\r\n", service.address);
            let request = format!(
                "{before}POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{lengths}\r\n\r\n0\r\n\r\n{hidden}",
                service.address
            );
            stream.write_all(request.as_bytes()).expect("is taken");
            let mut all = Vec::new();
            stream.read_to_end(&mut all).expect("ends");
            let text = String::from_utf8_lossy(&all);
            let statuses: Vec<&str> =
                text.match_indices("HTTP/1.1 ").map(|(at, _)| &text[at + 9..at + 12]).collect();
            let wanted: &[&str] = if before.is_empty() { &["400"] } else { &["200", "400"] };
            assert_eq!(statuses, wanted, "{text}");
            assert!(text.contains("Transfer-Encoding"), "{text}");
        }
    }
}

#[test]
fn six_hundred_slow_heads_delay_nobody() {
    let service = Service::start(&[]);
    let head = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n", service.address);
    let open = || {
        let mut stream = TcpStream::connect(service.address).expect("connects");
        stream.write_all(head.as_bytes()).expect("is taken");
        stream
    };
    let slow: Vec<TcpStream> = (0..600).map(|_| open()).collect();
    std::thread::sleep(Duration::from_millis(1500));
    for _ in 0..20 {
        let began = Instant::now();
        service.get("/healthz").is(200);
        assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
    }
    drop(slow);
}

#[test]
fn half_a_head_and_a_byte_a_second_are_ended() {
    let service = Service::start(&[]);
    let ends = |sent: &'static [u8], drip: Option<&'static [u8]>| {
        let address = service.address;
        std::thread::spawn(move || {
            let mut stream = TcpStream::connect(address).expect("connects");
            stream.set_read_timeout(Some(Duration::from_millis(900))).expect("sets");
            stream.write_all(sent).expect("is taken");
            let (began, mut buffer) = (Instant::now(), [0; 1000]);
            loop {
                match stream.read(&mut buffer) {
                    Ok(_) => return began.elapsed(),
                    Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                        return began.elapsed();
                    }
                    Err(_) => {}
                }
                if drip.is_some_and(|drip| stream.write_all(drip).is_err()) {
                    return began.elapsed();
                }
                assert!(began.elapsed() < Duration::from_secs(60), "it is not ended");
            }
        })
    };
    let half = ends(b"GET /healthz HTTP/1.1\r\nHost: ", None);
    let silent = ends(b"", None);
    let slow = ends(b"GET /healthz HTTP/1.1\r\n", Some(b"x"));
    for (what, ended) in [("half", half), ("silent", silent), ("slow", slow)] {
        let took = ended.join().expect("ends").as_secs_f64();
        assert!((9.0..14.0).contains(&took), "{what}: {took}");
    }
    service.get("/healthz").is(200);
}

#[test]
fn a_body_of_a_byte_a_second_is_408() {
    let service = Service::start(&[]);
    let mut stream = TcpStream::connect(service.address).expect("connects");
    let head = format!(
        "POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
        service.address
    );
    stream.write_all(head.as_bytes()).expect("is taken");
    let mut writer = stream.try_clone().expect("clones");
    let began = Instant::now();
    let drip = std::thread::spawn(move || {
        while writer.write_all(b" ").is_ok() && began.elapsed() < Duration::from_secs(70) {
            std::thread::sleep(Duration::from_secs(1));
        }
    });
    // The answer comes when the rest was not sent either.
    Answer::read(&stream).problem(408, "slow");
    assert!(began.elapsed() > Duration::from_secs(29), "{:?}", began.elapsed());
    drop(stream);
    drip.join().expect("ends");
}

#[test]
fn clients_that_leave_take_no_place() {
    let service = Service::start(&["--jobs", "1", "--queue", "4"]);
    let report = bytes("examples/qingzhen-2023.json");
    for _ in 0..30 {
        let request =
            service.ask("POST", "/v1/export?as=zip").header("Content-Type", "application/json").body(&report);
        let mut stream = TcpStream::connect(service.address).expect("connects");
        stream.write_all(request.head().as_bytes()).expect("is taken");
        stream.write_all(&report).expect("is taken");
        drop(stream);
    }
    let began = Instant::now();
    while service.post("/v1/export?as=pdf", &report).status != 200 {
        assert!(began.elapsed() < Duration::from_secs(20), "places are given back");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_end_finishes_what_runs_and_takes_no_more() {
    let service = Service::start(&["--jobs", "1"]);
    let report = bytes("examples/qingzhen-2023.json");
    let request =
        service.ask("POST", "/v1/export?as=zip").header("Content-Type", "application/json").body(&report);
    let running = std::thread::spawn(move || request.send().status);
    std::thread::sleep(Duration::from_millis(30));
    let idle = TcpStream::connect(service.address).expect("connects");
    let address = service.address;
    let (took, _) = service.end();
    assert_eq!(running.join().expect("is answered"), 200);
    assert!(took < Duration::from_secs(12), "{took:?}");
    assert!(TcpStream::connect(address).is_err(), "nothing listens any more");
    drop(idle);
}

#[test]
fn a_connection_serves_many_requests() {
    let service = Service::start(&[]);
    let mut stream = TcpStream::connect(service.address).expect("connects");
    let report = short_report("题");
    let head = format!(
        "POST /v1/check HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        service.address,
        report.len()
    );
    for _ in 0..20 {
        stream.write_all(format!("{head}{report}").as_bytes()).expect("is taken");
        let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
        while !answer.ends_with(b"}") {
            let read = stream.read(&mut buffer).expect("reads");
            assert!(read > 0, "the connection stays open");
            answer.extend_from_slice(&buffer[..read]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    }
}

/// The resident memory of a service and its workers, in KiB.
#[cfg(target_os = "linux")]
fn resident(service: &Service) -> u64 {
    let of = |id: u32| -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("is there");
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("a line");
        line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).expect("a number")
    };
    of(service.id()) + service.workers().into_iter().map(of).sum::<u64>()
}

/// Asks so many times, each time with characters of its own, and compares the memory with that after the first tenth.
#[cfg(target_os = "linux")]
fn memory_is_flat(requests: u32) {
    let service = Service::start(&[]);
    let text = String::from_utf8(bytes("examples/qingzhen-2023.json")).expect("is UTF-8");
    let address = |number: u32| match number % 4 {
        0 => "/v1/check",
        1 => "/v1/export?as=pdf",
        2 => "/v1/export?as=docx",
        _ => "/v1/import?layout=general-document",
    };
    let ask = |number: u32| {
        let own = char::from_u32(0x4e00 + number % 5000).expect("is a character");
        let address = address(number);
        if address.starts_with("/v1/import") {
            let file = format!("关于清{own}市样例的通知\n{}", "正文。\n".repeat(100));
            service.ask("POST", address).body(file).send().is(200);
        } else {
            service.post(address, text.replace("清镇市", &format!("清{own}市"))).is(200);
        }
    };
    (0..requests / 10).for_each(ask);
    let before = resident(&service);
    (requests / 10..requests).for_each(ask);
    let after = resident(&service);
    println!("{requests} requests: {before} KiB, {after} KiB");
    assert!(after < before + (24 << 10), "{before} KiB, then {after} KiB");
}

#[test]
#[cfg(target_os = "linux")]
fn memory_is_flat_over_many_requests() {
    memory_is_flat(2_000);
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "takes an hour: scripts/test --long runs it"]
fn every_request_of_a_hundred_thousand_leaves_the_memory_flat() {
    memory_is_flat(100_000);
}
