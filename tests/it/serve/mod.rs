//! The service from outside: the built command, asked over HTTP.

mod client;
mod clients;
mod gate;
mod load;
mod others;
mod page;
mod reports;
mod workers;

pub use client::{Answer, Service, bytes, form};
