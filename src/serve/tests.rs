//! What no request from outside can bring about: a fault of the program.

use super::*;

fn app() -> Shared {
    let settings = Settings {
        listen: ([127, 0, 0, 1], 8787).into(),
        token: None,
        hosts: Vec::new(),
        origins: Vec::new(),
        jobs: 1,
        queue: 1,
        max_body: None,
        exporter: Exporter::new(),
        roots: None,
        log: LogForm::Text,
        program: None,
    };
    let address = settings.listen;
    Arc::new(App::new(settings, address).expect("is sound"))
}

/// The status, the id and the body of the answer at an address.
fn ask(routes: &Router, path: &str) -> (u16, String, String) {
    use http_body_util::BodyExt;
    use tower::ServiceExt;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("starts");
    runtime.block_on(async {
        let request = axum::http::Request::get(path).header("host", "localhost:8787");
        let request = request.body(axum::body::Body::empty()).expect("is a request");
        let answer = routes.clone().oneshot(request).await.expect("is answered");
        let id = answer.headers()["x-request-id"].to_str().expect("is text").to_owned();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.expect("is whole").to_bytes();
        (status, id, String::from_utf8_lossy(&body).into_owned())
    })
}

#[test]
fn panics_are_500_with_the_id_and_the_service_lives() {
    let app = app();
    let routes = Router::new()
        .route("/healthz", get(health::alive))
        .route(
            "/async",
            get(|| async {
                if true {
                    panic!("of an answer")
                }
            }),
        )
        .route(
            "/work",
            get(|axum::extract::State(app): axum::extract::State<Shared>| async move {
                app.load
                    .run(|| {
                        if true {
                            panic!("of work")
                        }
                    })
                    .await
                    .map(|()| "done")
            }),
        );
    let routes = layered(routes, &app);
    for path in ["/async", "/work", "/work", "/work"] {
        let (status, id, body) = ask(&routes, path);
        assert_eq!(status, 500, "{path}");
        assert!(body.contains(&format!("urn:gongwen:request:{id}")), "{body}");
        assert!(!body.contains("of work"), "{body}");
    }
    // Its place was given back.
    assert_eq!((app.load.running(), app.load.waiting(), app.load.panics()), (0, 0, 3));
    assert_eq!(ask(&routes, "/healthz").0, 200);
}
