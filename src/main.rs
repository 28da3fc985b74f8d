//! The command `gongwen`: reads arguments and files, calls the library, writes files whole.

mod cli;

/// A fifth of the time of an export went into the system's allocator, more with several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
