//! The command `gongwen`: reads arguments and files, calls the library, writes files whole.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run(std::env::args_os())
}
