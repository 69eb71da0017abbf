//! A server with a framework that answers JSON.
use axum::{routing::get, Json, Router};
use serde::Serialize;

#[derive(Serialize)]
struct Answer {
    name: &'static str,
}

#[tokio::main]
async fn main() {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".into());
    let app = Router::new().route("/", get(|| async { Json(Answer { name: "bench-rust" }) }));
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
