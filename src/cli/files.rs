//! Files, read within limits and written atomically: first beside the target, then renamed over it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::assets::Folder;
pub(super) use crate::files::open;
use crate::files::{Irregular, bounded, regular};
use crate::options::Limits;
use crate::{Message, message};
use clap::ArgMatches;
use tempfile::NamedTempFile;
use zeroize::Zeroizing;

use super::Failure;

/// The files that the command has read, by their real paths: none of them is ever replaced by an output.
static INPUTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn inputs() -> std::sync::MutexGuard<'static, BTreeSet<PathBuf>> {
    // A thread that panicked left whole paths behind.
    INPUTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes a file as an input, whatever links lead to it.
pub fn note_input(path: &Path) {
    if let Ok(real) = path.canonicalize() {
        inputs().insert(real);
    }
}

/// Refuses an output that would replace an input.
pub fn keep_inputs<'a>(mut outputs: impl Iterator<Item = &'a Path>) -> Result<(), Failure> {
    let read = inputs();
    let is_input = |path: &&Path| path.canonicalize().is_ok_and(|real| read.contains(&real));
    match outputs.find(is_input) {
        None => Ok(()),
        Some(path) => {
            let name = path.display();
            Err(Failure::file(message!(
                "{name} 是输入的文件，没有覆盖；请换一个输出的名称或文件夹",
                "{name} is an input and is not replaced; give the output another name or folder"
            )))
        }
    }
}

/// The bytes of a report that is named on the command line; `-` is standard input, and a pipe such as the shell makes
/// for `<(…)` is read to its end.
pub fn read_report(path: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    read_stream(path, limits.report_bytes)
}

/// The limits that `--limits` names; the usual ones of a command without it.
pub fn limits(matches: &ArgMatches) -> Limits {
    match matches.try_get_one::<String>("limits").ok().flatten().map(String::as_str) {
        Some("large") => Limits::large(),
        _ => Limits::default(),
    }
}

/// The same with at most `limit` bytes, a whole number of MiB.
pub fn read_stream(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    read_from(path, limit, File::open)
}

/// The bytes of a file of at most `limit` bytes, a whole number of MiB; `-` is standard input. What is no file, such
/// as a named pipe, is refused.
pub fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    read_from(path, limit, open)
}

fn read_from<'a>(
    path: &'a Path,
    limit: usize,
    open: impl FnOnce(&'a Path) -> io::Result<File>,
) -> Result<Vec<u8>, Failure> {
    let bytes = if path == Path::new("-") {
        bounded(io::stdin().lock(), limit)
    } else {
        open(path).and_then(|file| bounded(file, limit))
    };
    match bytes {
        Ok(Some(bytes)) => {
            note_input(path);
            Ok(bytes)
        }
        Ok(None) => Err(too_large(path, limit)),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// The failure of a file of more bytes than a limit, a whole number of MiB.
pub fn too_large(path: &Path, limit: usize) -> Failure {
    let (name, size) = (path.display(), limit >> 20);
    Failure::file(message!("{name}：超过 {size} MiB", "{name}: larger than {size} MiB"))
}

/// The bytes of a key or a passphrase, which are wiped when they are dropped. They are read into a buffer of
/// sufficient size: a growing buffer would leave copies in memory.
pub fn read_secret(path: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    const ROOM: usize = 64;
    let length = std::fs::metadata(path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(limit));
    let pipe = length == 0;
    let mut bytes = Zeroizing::new(Vec::with_capacity(if pipe { 1 << 20 } else { length.min(limit) + ROOM }));
    let mut read = |reader: &mut dyn Read| reader.take(limit as u64 + 1).read_to_end(&mut bytes);
    let done = if path == Path::new("-") {
        read(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut file| read(&mut file))
    };
    done.map_err(|error| unreadable(path, &error))?;
    note_input(path);
    if bytes.len() > limit {
        let (name, size) = (path.display(), limit >> 20);
        return Err(Failure::file(message!("{name}：超过 {size} MiB", "{name}: larger than {size} MiB")));
    }
    Ok(bytes)
}

/// The files in a folder and the folders in it, by path.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    crate::files::files_in(folder).map_err(|error| {
        let name = folder.display();
        let (zh, en) = reason(&error);
        Failure::file(message!("读不出文件夹 {name}：{zh}", "cannot read the folder {name}: {en}"))
    })
}

/// Makes the folder, if it is not there.
pub fn make_folder(path: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(path).map_err(|error| {
        let name = path.display();
        let (zh, en) = reason(&error);
        Failure::file(message!("建不了文件夹 {name}：{zh}", "cannot make the folder {name}: {en}"))
    })
}

/// Refuses outputs that would replace a person's work: Word files that another program has saved. `force` is what the
/// user can write to replace them nevertheless.
pub fn keep_edited<'a>(mut outputs: impl Iterator<Item = &'a Path>, force: &str) -> Result<(), Failure> {
    match outputs.find(|path| is_edited_word_file(path)) {
        None => Ok(()),
        Some(path) => {
            let path = path.display();
            Err(Failure::file(message!(
                "{path} 由别的程序改过，没有覆盖；修改还没有读入的，先用 gongwen import {path}，已经读入的，换一个文件夹（-o），或用 {force} 覆盖",
                "{path} was saved by another program and is not replaced; if its changes were not read yet, read them with gongwen import {path}, otherwise write into another folder (-o), or replace it with {force}"
            )))
        }
    }
}

/// Writes all files or none: a failure leaves the old ones as they were. What was read is not replaced.
pub fn write_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    keep_inputs(files.iter().map(|(path, _)| path.as_path()))?;
    write(files, Durability::Synced)
}

/// Writes a file in place of the one that was read: a correction that was asked for.
pub fn write_back(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write(&[(path.to_owned(), bytes)], Durability::Synced)
}

/// Whether a file is a Word file that another program than this one has saved: its parts have times, or it names
/// another application.
fn is_edited_word_file(path: &Path) -> bool {
    /// More than the properties of a file have.
    const MOST: u64 = 1 << 16;
    if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("docx")) {
        return false;
    }
    let Some(mut archive) = open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok()) else {
        return false;
    };
    let is_dated = (0..archive.len()).any(|at| {
        let part = archive.by_index_raw(at).ok();
        part.and_then(|part| part.last_modified()).is_some_and(|time| time.year() > 1980)
    });
    let mut properties = String::new();
    if let Ok(part) = archive.by_name("docProps/app.xml") {
        // What cannot be read names no application.
        let _ = part.take(MOST).read_to_string(&mut properties);
    }
    is_dated || !properties.contains("<Application>gongwen<")
}

/// The same without waiting for the disk: files lost in a power failure are made again.
pub fn write_quickly(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    keep_inputs(files.iter().map(|(path, _)| path.as_path()))?;
    write(files, Durability::Buffered)
}

/// Whether a file is synchronised to the disk before it is renamed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Durability {
    Synced,
    Buffered,
}

fn write(files: &[(PathBuf, &[u8])], durability: Durability) -> Result<(), Failure> {
    let mut written = Vec::new();
    for (path, bytes) in files {
        written
            .push((path, write_beside(path, bytes, durability).map_err(|error| unwritable(path, &error))?));
    }
    // A target that is a folder or is locked is found before the first rename.
    for (path, _) in files {
        if path.exists() {
            regular(path).map_err(|error| unwritable(path, &error))?;
            File::options().write(true).open(path).map_err(|error| unwritable(path, &error))?;
        }
    }
    for (path, file) in written {
        file.persist(path).map_err(|error| unwritable(path, &error.error))?;
    }
    Ok(())
}

fn write_beside(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gongwen-");
    #[cfg(unix)]
    {
        // A temporary file is private; the document is readable as any new file of the user's is.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    if durability == Durability::Synced {
        file.as_file().sync_all()?;
    }
    Ok(file)
}

/// Why a file cannot be read.
pub fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    let (zh, en) = reason(error);
    Failure::file(message!("读不出 {name}：{zh}", "cannot read {name}: {en}"))
}

/// Why a file cannot be written.
pub fn unwritable(path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    // Windows: ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION.
    if cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33)) {
        return Failure::file(message!(
            "写不了 {name}：文件正被别的程序打开（如 Word、WPS），请先关闭它",
            "cannot write {name}: another program (such as Word or WPS) has it open; close it first"
        ));
    }
    let (zh, en) = reason(error);
    Failure::file(message!("写不了 {name}：{zh}", "cannot write {name}: {en}"))
}

/// The system's reason, in both languages where it is a common one.
fn reason(error: &io::Error) -> (String, String) {
    if let Some(Message { zh, en }) = Irregular::message(error) {
        return (zh, en);
    }
    let zh = match error.kind() {
        io::ErrorKind::NotFound => "文件或文件夹不存在",
        io::ErrorKind::PermissionDenied => "没有权限",
        io::ErrorKind::IsADirectory => "这是一个文件夹",
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => "路径中有一个不是文件夹",
        io::ErrorKind::StorageFull => "磁盘已满",
        io::ErrorKind::ReadOnlyFilesystem => "磁盘是只读的",
        io::ErrorKind::InvalidData => "不是 UTF-8 文本",
        _ => return (error.to_string(), error.to_string()),
    };
    (zh.to_owned(), error.to_string())
}

/// The folder of the files that a report names: that of `--assets`, or the report's own.
pub fn assets(named: Option<&PathBuf>, report: &Path, limits: &Limits) -> Folder {
    let folder = match named {
        Some(folder) => Folder::new(folder),
        None if report == Path::new("-") => Folder::none(),
        None => Folder::of_report(report),
    };
    folder.within(*limits)
}

/// The stem that the files of a report are named by.
pub fn stem(report: &Path) -> OsString {
    if report == Path::new("-") {
        return OsString::from("report");
    }
    report.file_stem().map_or_else(|| OsString::from("report"), OsString::from)
}

/// `STEM.ENDING`; a stem may hold points.
pub fn with_ending(stem: &Path, ending: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// A failure about a file.
pub fn about(path: &Path, message: Message) -> Failure {
    let (name, zh, en) = (path.display(), message.zh, message.en);
    Failure::file(message!("{name}：{zh}", "{name}: {en}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failed_writes_leave_the_old_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let (good, bad) = (folder.path().join("a.pdf"), folder.path().join("b.docx"));
        std::fs::write(&good, b"old").expect("writes");
        std::fs::create_dir(&bad).expect("a folder in the way");
        assert!(write_all(&[(good.clone(), b"new"), (bad, b"new")]).is_err());
        assert_eq!(std::fs::read(&good).expect("reads"), b"old");
        assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 2, "no temporary file is left");
    }
}
