//! Files that take too much time or memory: the process that reads them is ended, and nobody else notices.

use std::process::Command;
use std::time::{Duration, Instant};

use super::{Answer, Service};
use crate::command::short_report;

/// A PDF of so many pages of A3, each with a picture of noise: no size in it is beyond a limit, but drawing them at 300 dpi
/// takes a second and some dozens of megabytes a page.
fn noise(pages: usize) -> Vec<u8> {
    const SIDE: usize = 1000;
    let mut state = 1_u64;
    let mut byte = || {
        // Marsaglia's xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let picture: Vec<u8> = (0..SIDE * SIDE * 3).map(|_| byte()).collect();
    let kids: String = (0..pages).map(|at| format!("{} 0 R ", at + 5)).collect();
    let head = format!(
        "/Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    );
    let mut objects = vec![
        ("/Type/Catalog/Pages 2 0 R".to_owned(), None),
        (format!("/Type/Pages/Kids[{kids}]/Count {pages}"), None),
        (head, Some(picture)),
        (String::new(), Some(b"842 0 0 1190 0 0 cm /X Do".to_vec())),
    ];
    let page =
        "/Type/Page/Parent 2 0 R/MediaBox[0 0 842 1190]/Contents 4 0 R/Resources<</XObject<</X 3 0 R>>>>";
    objects.extend((0..pages).map(|_| (page.to_owned(), None)));
    let (mut pdf, mut places) = (b"%PDF-1.7\n".to_vec(), String::new());
    for ((head, data), number) in objects.iter().zip(1..) {
        places += &format!("{:010} 00000 n \n", pdf.len());
        match data {
            None => pdf.extend(format!("{number} 0 obj\n<<{head}>>\nendobj\n").into_bytes()),
            Some(data) => {
                let length = data.len();
                pdf.extend(format!("{number} 0 obj\n<<{head}/Length {length}>>\nstream\n").into_bytes());
                pdf.extend_from_slice(data);
                pdf.extend_from_slice(b"\nendstream\nendobj\n");
            }
        }
    }
    let (size, start) = (objects.len() + 1, pdf.len());
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.extend(end.into_bytes());
    pdf
}

/// Has a PDF drawn.
fn draw(service: &Service, pdf: &[u8], dpi: u32) -> Answer {
    service
        .ask("POST", &format!("/v1/preview?dpi={dpi}"))
        .header("Content-Type", "application/pdf")
        .body(pdf)
        .send()
}

/// Gives a worker work for longer than a test lasts; the connection on which it was asked for.
#[cfg(target_os = "linux")]
fn keeps_busy(service: &Service) -> std::net::TcpStream {
    use std::io::Write;
    let pdf = noise(50);
    let request =
        service.ask("POST", "/v1/preview?dpi=300").header("Content-Type", "application/pdf").body(&pdf);
    let mut stream = std::net::TcpStream::connect(service.address).expect("connects");
    stream.write_all(request.head().as_bytes()).expect("is taken");
    stream.write_all(&pdf).expect("is taken");
    std::thread::sleep(Duration::from_millis(500));
    stream
}

/// A small file is read, at once.
#[track_caller]
fn reads_at_once(service: &Service) {
    let began = Instant::now();
    service.ask("POST", "/v1/import?layout=general-document").body("关于样例的通知\n正文。\n").send().is(200);
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[track_caller]
fn counts(service: &Service, line: &str) {
    let text = String::from_utf8(service.get("/metrics").is(200).body).expect("is UTF-8");
    assert!(text.lines().any(|found| found == line), "{line}: {text}");
}

#[test]
fn what_takes_too_long_is_ended_and_keeps_nobody_waiting() {
    let service = Service::start(&["--jobs", "2"]);
    let pdf = noise(50);
    #[cfg(target_os = "linux")]
    let before = service.workers();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let attacks: Vec<_> = (0..2).map(|_| scope.spawn(|| draw(&service, &pdf, 300))).collect();
        std::thread::sleep(Duration::from_secs(2));
        // Reports have permits of their own.
        for _ in 0..3 {
            let began = Instant::now();
            service.get("/healthz").is(200);
            service.post("/v1/check", short_report("题")).is(200);
            assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
        }
        for attack in attacks {
            let answer = attack.join().expect("is answered");
            // On a busy machine most of the time went by before the file was there.
            let kind = if answer.status == 503 { "late" } else { "time" };
            answer.problem(if kind == "late" { 503 } else { 413 }, kind);
        }
    });
    let took = began.elapsed();
    assert!(took > Duration::from_secs(19) && took < Duration::from_secs(60), "{took:?}");
    reads_at_once(&service);
    reads_at_once(&service);
    counts(&service, "gongwen_workers_ended_total{reason=\"time\"} 2");
    #[cfg(target_os = "linux")]
    {
        assert_eq!(before.len(), 2);
        let now = service.workers();
        assert_eq!(now.len(), 2);
        assert!(before.iter().all(|id| !now.contains(id) && !lives(*id)), "{before:?} {now:?}");
    }
    let (_, log) = service.end();
    assert!(log.contains("worker-ended reason=\"time\""), "{log}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_takes_too_much_memory_is_ended_at_all_workers_at_once() {
    // 256 MiB of it are for the stack that PDF are read with: what is left is less than a page takes.
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -d 368640 && exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_gongwen")]);
    let service = Service::start_by(command, &["--jobs", "2", "--log", "json"]);
    let pdf = noise(1);
    for _ in 0..2 {
        std::thread::scope(|scope| {
            let attacks: Vec<_> = (0..2).map(|_| scope.spawn(|| draw(&service, &pdf, 300))).collect();
            for attack in attacks {
                let problem = attack.join().expect("is answered").problem(413, "memory");
                assert_eq!(problem["limit"], 360 << 20, "{problem}");
                assert!(problem["detail"].as_str().is_some_and(|text| text.contains("360 MiB")), "{problem}");
            }
        });
        reads_at_once(&service);
    }
    counts(&service, "gongwen_workers_ended_total{reason=\"memory\"} 4");
    let (_, log) = service.end();
    let events = log.lines().filter(|line| line.contains("\"event\":\"worker-ended\""));
    assert_eq!(events.filter(|line| line.contains("\"reason\":\"memory\"")).count(), 4, "{log}");
}

#[test]
#[cfg(target_os = "linux")]
fn workers_have_a_gibibyte_or_more_for_larger_bodies() {
    for (options, bytes) in [(&[][..], 1_u64 << 30), (&["--max-body", "100M"], 1600 << 20)] {
        let service = Service::start(&[&["--jobs", "3"], options].concat());
        let workers = service.workers();
        assert_eq!(workers.len(), 3);
        for worker in workers {
            let limits = std::fs::read_to_string(format!("/proc/{worker}/limits")).expect("is there");
            let numbers = |name: &str| -> Vec<String> {
                let line = limits.lines().find(|line| line.starts_with(name)).expect("a line");
                line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect()
            };
            // Besides what it had before the first request.
            for number in numbers("Max data size") {
                let most: u64 = number.parse().expect("a number");
                assert!((bytes..bytes + (64 << 20)).contains(&most), "{most}");
            }
            assert_eq!(numbers("Max core file size"), ["0", "0"]);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn without_workers_the_service_does_not_start() {
    // Pipes are files that are open.
    let done = Command::new("sh")
        .args(["-c", "ulimit -n 40 && exec \"$0\" serve --listen 127.0.0.1:0 --jobs 100 --lang en"])
        .arg(env!("CARGO_BIN_EXE_gongwen"))
        .output()
        .expect("runs");
    let text = String::from_utf8_lossy(&done.stderr);
    assert_eq!((done.status.code(), done.stdout.len()), (Some(2), 0), "{text}");
    assert!(text.contains("the processes that read files cannot be started"), "{text}");
}

/// Whether a process is there, and not only remembered.
#[cfg(target_os = "linux")]
fn lives(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    status.lines().any(|line| line.starts_with("State:") && !line.contains('Z'))
}

#[cfg(target_os = "linux")]
fn signal(name: &str, id: u32) {
    let done = Command::new("kill").args([name, &id.to_string()]).status();
    assert!(done.is_ok_and(|status| status.success()), "{name} {id}");
}

#[track_caller]
#[cfg(target_os = "linux")]
fn end_soon(ids: &[u32]) {
    let began = Instant::now();
    while ids.iter().any(|id| lives(*id)) {
        assert!(began.elapsed() < Duration::from_secs(15), "{ids:?} live on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_worker_that_is_killed_from_outside_fails_its_request_alone() {
    let service = Service::start(&["--jobs", "1"]);
    let pdf = noise(50);
    let worker = service.workers()[0];
    std::thread::scope(|scope| {
        let asked = scope.spawn(|| draw(&service, &pdf, 300));
        std::thread::sleep(Duration::from_secs(1));
        signal("-KILL", worker);
        let answer = asked.join().expect("is answered");
        answer.problem(503, "ended");
        assert!(answer.header("retry-after").is_some());
    });
    reads_at_once(&service);
    // One that nobody uses is missed by nobody.
    signal("-KILL", service.workers()[0]);
    std::thread::sleep(Duration::from_millis(100));
    reads_at_once(&service);
    counts(&service, "gongwen_workers_ended_total{reason=\"outside\"} 2");
}

#[test]
#[cfg(target_os = "linux")]
fn work_for_a_client_that_left_is_ended() {
    let service = Service::start(&["--jobs", "1"]);
    let worker = service.workers()[0];
    let stream = keeps_busy(&service);
    assert!(lives(worker));
    drop(stream);
    end_soon(&[worker]);
    reads_at_once(&service);
    counts(&service, "gongwen_workers_ended_total{reason=\"left\"} 1");
}

#[test]
#[cfg(target_os = "linux")]
fn no_worker_outlives_the_service() {
    // Told to end.
    let service = Service::start(&["--jobs", "2"]);
    let workers = service.workers();
    service.end();
    end_soon(&workers);
    // Killed, while one of them is busy.
    let mut service = Service::start(&["--jobs", "2"]);
    let workers = service.workers();
    assert_eq!(workers.len(), 2);
    let _stream = keeps_busy(&service);
    service.kill();
    end_soon(&workers);
}

#[test]
#[cfg(target_os = "linux")]
fn signals_to_all_processes_leave_the_work_to_be_finished() {
    for name in ["-INT", "-TERM"] {
        let service = Service::start(&["--jobs", "1"]);
        let (pdf, worker) = (noise(1), service.workers()[0]);
        std::thread::scope(|scope| {
            let asked = scope.spawn(|| draw(&service, &pdf, 150));
            std::thread::sleep(Duration::from_millis(300));
            // A terminal tells all of them at once.
            signal(name, worker);
            signal(name, service.id());
            asked.join().expect("is answered").is(200);
        });
        end_soon(&[worker, service.id()]);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_brings_files_goes_to_workers_and_reports_alone_do_not() {
    let service = Service::start(&["--jobs", "1"]);
    let worker = service.workers()[0];
    // How many bytes the worker has read.
    let read = || {
        let counts = std::fs::read_to_string(format!("/proc/{worker}/io")).expect("is there");
        let line = counts.lines().find_map(|line| line.strip_prefix("rchar: ")).expect("a line");
        line.parse::<usize>().expect("a number")
    };
    let goes = |ask: &dyn Fn() -> Answer| {
        let before = read();
        assert!([200, 400, 422].contains(&ask().status));
        read() - before
    };
    let alone = short_report("题");
    let pictured = alone.replacen('{', "{\"x\": \"data:image/png;base64,AAAA\", ", 1);
    let escaped = pictured.replace("data:", "\\u0064ata:");
    let (report, table) = (alone.as_bytes(), &b"a,b\n"[..]);
    for address in ["/v1/check", "/v1/export?as=pdf", "/v1/preview", "/v1/fix"] {
        assert!(goes(&|| service.post(address, &alone)) < 1000, "{address}");
        assert!(goes(&|| service.form(address, &[("report", None, report)])) < 1000, "{address}");
        assert!(goes(&|| service.post(address, &pictured)) >= pictured.len(), "{address}");
        assert!(goes(&|| service.post(address, &escaped)) >= escaped.len(), "{address}");
    }
    let figures = [("report", None, report), ("figures", Some("f.csv"), table)];
    assert!(goes(&|| service.form("/v1/check", &figures)) >= alone.len());
    let reports = [("old", None, report), ("new", None, report)];
    assert!(goes(&|| service.form("/v1/diff", &reports)) < 1000);
    for address in ["/v1/import?layout=general-document", "/v1/extract"] {
        let text = "正文。".repeat(1000);
        assert!(goes(&|| service.ask("POST", address).body(&text).send()) >= text.len(), "{address}");
    }
}
