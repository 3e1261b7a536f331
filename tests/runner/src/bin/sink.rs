//! A service that reads and discards: `videoid-sink` prints one line of JSON with its address and ends when its standard input
//! closes. It is a process of its own, so that what is measured is only the program that sends.
//!
//! It answers `GET …/requests/{pk}/` with a request of that key, `GET …/requests/{N}00000002/` with one that carries N MB of
//! images, and everything else, once the body is read, with `{"status":"200 OK"}`.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

const PIECE: usize = 256 * 1024;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut out = io::stdout();
    writeln!(out, "{{\"url\":\"http://{}\"}}", listener.local_addr()?)?;
    out.flush()?;
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                // The caller went away, or sent what is no HTTP: the connection ends.
                let _ = serve(&stream);
            });
        }
    });
    io::copy(&mut io::stdin(), &mut io::sink()).map(drop)
}

fn serve(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::with_capacity(PIECE, stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split_whitespace();
        let (method, path) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
        let (mut length, mut chunked, mut expect) = (0_u64, false, false);
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header)? <= 2 {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "transfer-encoding" => chunked = value.trim().eq_ignore_ascii_case("chunked"),
                "expect" => expect = true,
                _ => {}
            }
        }
        if expect {
            (&*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        if chunked {
            discard_chunks(&mut reader)?;
        } else {
            discard(&mut reader, length)?;
        }
        answer(stream, &method, &path)?;
    }
}

/// Reads past `length` bytes, in place where the buffer has them.
fn discard(reader: &mut impl BufRead, mut length: u64) -> io::Result<()> {
    while length > 0 {
        let there = reader.fill_buf()?.len();
        if there == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let used = usize::try_from(length).unwrap_or(usize::MAX).min(there);
        reader.consume(used);
        length -= used as u64;
    }
    Ok(())
}

fn discard_chunks(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let size = u64::from_str_radix(line.trim(), 16).map_err(|_| io::ErrorKind::InvalidData)?;
        discard(reader, size + 2)?;
        if size == 0 {
            return Ok(());
        }
    }
}

fn answer(mut stream: &TcpStream, method: &str, path: &str) -> io::Result<()> {
    let pk: u64 = path.trim_end_matches('/').rsplit('/').next().and_then(|word| word.parse().ok()).unwrap_or(0);
    if method != "GET" {
        let body = "{\"status\":\"200 OK\"}";
        return write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    }
    let megabytes = if pk % 1_000_000_000 == 2 { pk / 1_000_000_000 } else { 0 };
    let text = megabytes * 250_000 / 3 * 4;
    let names = ["document_front", "document_rear", "document_photo", "document_owner"];
    let head = format!(
        "{{\"pk\":{pk},\"status\":\"VIDEOPENDING\",\"videoid_data\":{{\"pk\":7,\"requests\":[{pk}],\"video_identifier\":\"b3b4a2a2-8d6e-4a8e-9d4c-0a2f6f1f9c11\",\"data\":{{\"images\":{{"
    );
    let tail = "}}}}";
    let keys: usize = names.iter().map(|name| name.len() + 6).sum::<usize>() - 1;
    let images = if megabytes == 0 { 0 } else { keys as u64 + 4 * text };
    let length = head.len() as u64 + images + tail.len() as u64;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{head}")?;
    if megabytes > 0 {
        for (index, name) in names.iter().enumerate() {
            write!(stream, "{}\"{name}\":\"", if index == 0 { "" } else { "," })?;
            io::copy(&mut io::repeat(b'A').take(text), &mut stream)?;
            stream.write_all(b"\"")?;
        }
    }
    stream.write_all(tail.as_bytes())
}
