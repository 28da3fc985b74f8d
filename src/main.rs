//! The command `gongwen`.

fn main() -> std::process::ExitCode {
    gongwen::cli::main(std::env::args_os())
}
