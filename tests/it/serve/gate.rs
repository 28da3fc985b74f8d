//! Who may ask the service: names of the host, pages of other origins, the token, and what it needs to start.

use super::{Answer, Service};
use crate::command::{folder, gongwen, short_report};

#[test]
fn only_its_own_names_are_answered_before_everything_else() {
    let service = Service::start(&["--host", "gongwen.example.gov.cn", "--host", "only.example:8080"]);
    let port = service.address.port();
    let ask = |host: &str| service.ask("GET", "/healthz").header("Host", host).send();
    for own in [
        format!("localhost:{port}"),
        format!("127.0.0.1:{port}"),
        format!("[::1]:{port}"),
        format!("LOCALHOST:{port}"),
        "gongwen.example.gov.cn".to_owned(),
        "gongwen.example.gov.cn:443".to_owned(),
        "only.example:8080".to_owned(),
    ] {
        ask(&own).is(200);
    }
    for other in [
        "localhost",
        "127.0.0.1",
        "localhost:1",
        "evil.example",
        "gongwen.example.gov.cn.evil.example",
        "only.example",
        "only.example:80",
        "127.0.0.1.nip.io:8787",
        "user@localhost",
        "0.0.0.0",
        "",
    ] {
        ask(&other.replace("8787", &port.to_string())).problem(421, "host");
    }
    // Before everything: there is no such address, the body is too large, the method is wrong.
    for (method, path) in [("POST", "/nowhere"), ("GET", "/v1/export"), ("POST", "/v1/check")] {
        service.ask(method, path).header("Host", "evil.example").send().problem(421, "host");
    }
    service.ask("GET", "/healthz").without("Host").send().problem(421, "host");
    let address = format!("http://evil.example:{port}/healthz");
    service.ask("GET", &address).send().problem(421, "host");
}

#[test]
fn pages_of_other_origins_cannot_make_a_browser_ask() {
    let service = Service::start(&["--origin", "https://portal.example.gov.cn"]);
    let own = format!("http://{}", service.address);
    let report = short_report("题");
    let ask = |headers: &[(&str, &str)]| {
        let mut request =
            service.ask("POST", "/v1/check").header("Content-Type", "application/json").body(&report);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.send()
    };
    let permitted: [&[(&str, &str)]; 5] = [
        &[],
        &[("Origin", &own)],
        &[("Origin", &own), ("Sec-Fetch-Site", "same-origin")],
        &[("Sec-Fetch-Site", "none")],
        &[("Origin", "https://portal.example.gov.cn"), ("Sec-Fetch-Site", "cross-site")],
    ];
    for headers in permitted {
        ask(headers).is(200);
    }
    let refused: [&[(&str, &str)]; 6] = [
        &[("Origin", "https://evil.example")],
        &[("Origin", "null")],
        &[("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "cross-site")],
        &[("Sec-Fetch-Site", "same-site")],
        &[("Origin", "http://127.0.0.1:1")],
    ];
    for headers in refused {
        ask(headers).problem(403, "origin");
    }
    // The one origin may read the answers, and no other.
    let reads = |origin: &str| -> Answer { service.ask("GET", "/version").header("Origin", origin).send() };
    let permitted = reads("https://portal.example.gov.cn");
    assert_eq!(permitted.header("access-control-allow-origin"), Some("https://portal.example.gov.cn"));
    assert!(
        permitted
            .header("access-control-expose-headers")
            .is_some_and(|all| all.contains("x-gongwen-findings"))
    );
    assert_eq!(reads("https://evil.example").header("access-control-allow-origin"), None);
    let closed = Service::start(&[]);
    let answer = closed.ask("OPTIONS", "/v1/check").header("Origin", "https://evil.example").send();
    assert_eq!(answer.status, 405);
    assert_eq!(answer.header("access-control-allow-origin"), None);
}

#[test]
fn with_a_token_all_but_health_wants_it() {
    let folder = folder();
    let (file, token) = (folder.path().join("token.txt"), "0123456789abcdef-ABCDEF");
    std::fs::write(&file, format!("{token}\n")).expect("writes");
    let service = Service::start(&["--token-file", &file.display().to_string()]);
    for open in ["/healthz", "/readyz"] {
        service.get(open).is(200);
    }
    for closed in ["/version", "/metrics", "/v1/layouts", "/nowhere"] {
        let answer = service.get(closed);
        answer.problem(401, "token");
        assert!(answer.header("www-authenticate").is_some_and(|scheme| scheme.starts_with("Bearer")));
    }
    let ask = |value: &str| service.ask("GET", "/version").header("Authorization", value).send().status;
    assert_eq!(ask(&format!("Bearer {token}")), 200);
    assert_eq!(ask(&format!("bearer {token}")), 200);
    for wrong in ["Bearer", "Bearer x", &format!("Basic {token}"), token, &format!("Bearer {token}x"), ""] {
        assert_eq!(ask(wrong), 401, "{wrong}");
    }
    let (_, log) = service.end();
    assert!(!log.contains(token), "{log}");
}

#[test]
fn an_address_that_others_reach_needs_a_token_or_the_word_and_a_name() {
    let folder = folder();
    std::fs::write(folder.path().join("short.txt"), "secret\n").expect("writes");
    let refused = |options: &[&str]| {
        let arguments: Vec<&str> = ["serve", "--lang", "en"].iter().chain(options).copied().collect();
        gongwen(folder.path(), &arguments).ends(2).err
    };
    assert!(refused(&["--listen", "0.0.0.0:0"]).contains("--anonymous"));
    assert!(refused(&["--listen", "0.0.0.0:0", "--anonymous"]).contains("--host"));
    assert!(refused(&["--listen", "[::]:0", "--host", "a.example"]).contains("--token-file"));
    assert!(refused(&["--token-file", "short.txt"]).contains("16"));
    assert!(refused(&["--token-file", "none.txt"]).contains("none.txt"));
    assert!(refused(&["--host", "a b"]).contains("--host"));
    assert!(refused(&["--origin", "portal"]).contains("--origin"));
    assert!(refused(&["--max-body", "x"]).contains("max-body"));
    assert!(refused(&["--layouts", "none"]).contains("none"));
    let taken = Service::start(&[]);
    assert!(refused(&["--listen", &taken.address.to_string()]).contains("cannot listen"));
}

#[test]
fn the_log_has_a_line_a_request_and_no_content() {
    let secret = "绝密内容不得入日志";
    let report = short_report(secret);
    for (form, is_json) in [("text", false), ("json", true)] {
        let service = Service::start(&["--log", form]);
        service.post("/v1/export?as=pdf&name=%7Btitle%7D", &report).is(200);
        service.post("/v1/check", format!("{{\"{secret}\": 1}}")).is(200);
        service.get(&format!("/{}?{}", "secret-path", "secret-query=1")).is(404);
        let (_, log) = service.end();
        let lines: Vec<&str> = log.lines().collect();
        assert_eq!(lines.len(), 3, "{log}");
        assert!(log.contains("某某市人民政府") && log.contains("/v1/export"), "{log}");
        for hidden in [secret, "正文", "secret-path", "secret-query"] {
            assert!(!log.contains(hidden), "{hidden}: {log}");
        }
        for line in lines {
            let object: Option<serde_json::Value> = serde_json::from_str(line).ok();
            assert_eq!(object.is_some(), is_json, "{line}");
        }
    }
}

#[test]
fn numbers_for_who_watches_are_counted() {
    let service = Service::start(&["--jobs", "2", "--queue", "3", "--json"]);
    service.post("/v1/export?as=docx", short_report("题")).is(200);
    service.post("/v1/export?as=exe", "{}").is(400);
    let text = String::from_utf8(service.get("/metrics").is(200).body).expect("is UTF-8");
    for line in [
        "gongwen_requests_total{status=\"200\"} 1",
        "gongwen_requests_total{status=\"400\"} 1",
        "gongwen_running_max 2",
        "gongwen_waiting_max 3",
        "gongwen_waiting 0",
        "gongwen_panics_total 0",
        "gongwen_shed_total 0",
        "gongwen_request_seconds_count 2",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
}
