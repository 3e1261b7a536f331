//! Files that change after the evidence was built.

use videoid::ErrorCode;

use crate::support::{small_bytes, sound};

#[test]
fn a_file_of_another_length_than_when_it_was_built_is_a_change() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), small_bytes("front.jpg")).unwrap();
    let evidence = sound().document_front(file.path()).build().unwrap();
    evidence.write_json(std::io::sink()).unwrap();
    std::fs::write(file.path(), small_bytes("padded0.jpg")).unwrap();
    let error = evidence.write_json(std::io::sink()).unwrap_err();
    assert_eq!((error.code(), error.retryable()), (ErrorCode::SourceChanged, true));
    std::fs::remove_file(file.path()).unwrap();
    assert_eq!(evidence.sha256().unwrap_err().code(), ErrorCode::SourceUnreadable);
}

/// Changes the file while its bytes are being written out.
struct Meddler<'a> {
    path: &'a std::path::Path,
    written: usize,
}

impl std::io::Write for Meddler<'_> {
    fn write(&mut self, buffer: &[u8]) -> std::io::Result<usize> {
        self.written += buffer.len();
        if self.written > 1000 {
            std::fs::write(self.path, small_bytes("rear.jpg")).unwrap();
        }
        Ok(buffer.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_file_that_changes_while_it_is_written_is_a_change() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), small_bytes("front.jpg")).unwrap();
    let evidence = sound().document_front(file.path()).build().unwrap();
    let error = evidence.write_json(Meddler { path: file.path(), written: 0 }).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SourceChanged);
}

#[test]
fn a_body_that_cannot_be_written_is_said_so() {
    let mut small = [0_u8; 100];
    let error = sound().build().unwrap().write_json(&mut small[..]).unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileNotWritten);
}
