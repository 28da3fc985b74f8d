//! The service from outside: the built command, asked over HTTP.

mod client;
mod reports;

pub use client::{Answer, Request, Service, bytes, form};
