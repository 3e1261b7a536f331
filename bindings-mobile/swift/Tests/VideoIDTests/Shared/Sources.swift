import Foundation
import VideoID

/// Turns the sources of scenarios and vectors into the library's.
final class Sources {
    private let folder: URL
    private var generated = 0

    init(_ folder: URL) { self.folder = folder }

    func of(_ spec: JSON) throws -> Source {
        let file = try file(spec)
        switch spec["as"]?.string ?? "path" {
        case "path": return Source(url: file)
        case "bytes": return Source(data: try Data(contentsOf: file))
        case "stream":
            let data = try Data(contentsOf: file)
            return Source(stream: pieces(of: data), length: Int64(data.count))
        case let kind: throw Failure("unknown kind of source: \(kind)")
        }
    }

    func file(_ spec: JSON) throws -> URL {
        if let fixture = spec["fixture"]?.string { return Repo.fixture(fixture) }
        if let path = spec["file"]?.string { return place(path) }
        let what = spec["generate"]?.string ?? ""
        guard let bytes = spec["bytes"]?.int else { throw Failure("unknown source: \(spec)") }
        generated += 1
        let file = folder.appendingPathComponent("generated-\(generated)")
        switch what {
        case "mp4": try writeMP4(file, bytes)
        case "jpeg": try writeJPEG(file, bytes, Repo.fixture("specimen/document_front.jpg"))
        default: throw Failure("unknown generated source: \(what)")
        }
        return file
    }

    /// `tmp:x` is a place in the scenario's own folder; everything else is taken as it is.
    func place(_ path: String) -> URL {
        path.hasPrefix("tmp:") ? folder.appendingPathComponent(String(path.dropFirst(4))) : URL(fileURLWithPath: path)
    }
}

/// A stream that gives the data in pieces.
func pieces(of data: Data) -> AsyncStream<Data> {
    AsyncStream { continuation in
        var at = 0
        while at < data.count {
            let end = min(at + 64 * 1024, data.count)
            continuation.yield(data[at..<end])
            at = end
        }
        continuation.finish()
    }
}

/// An MP4 of exactly so many bytes: ftyp, a large mdat, a minimal moov.
func writeMP4(_ file: URL, _ length: Int64) throws {
    let moov = box("moov", box("mvhd", Data(count: 100)))
    let ftyp = box("ftyp", Data("isom".utf8) + Data([0, 0, 2, 0]) + Data("isommp41".utf8))
    let mdat = length - Int64(ftyp.count + moov.count)
    guard mdat >= 16, mdat <= 0xFFFF_FFFF else { throw Failure("no length for an MP4: \(length)") }
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    let out = try FileHandle(forWritingTo: file)
    try out.write(contentsOf: ftyp + bigEndian(UInt32(mdat)) + Data("mdat".utf8))
    // A file with a hole reads as zeros and takes no room on the disk.
    try out.truncate(atOffset: UInt64(Int64(ftyp.count) + mdat))
    try out.seekToEnd()
    try out.write(contentsOf: moov)
    try out.close()
}

private func box(_ name: String, _ content: Data) -> Data { bigEndian(UInt32(8 + content.count)) + Data(name.utf8) + content }

private func bigEndian(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }

/// A real JPEG of exactly so many bytes: comment segments are put in after its first marker.
func writeJPEG(_ file: URL, _ length: Int64, _ original: URL) throws {
    let image = try Data(contentsOf: original)
    var missing = Int(length) - image.count
    var out = Data(image.prefix(2))
    while missing > 0 {
        // A segment has 4 bytes of its own; the rest must not be shorter than another one.
        let piece = missing <= 65_537 ? missing : min(65_537, missing - 4)
        guard piece >= 4 else { throw Failure("cannot pad by \(piece) bytes") }
        out += [0xFF, 0xFE, UInt8((piece - 2) >> 8), UInt8((piece - 2) & 0xFF)]
        out += Data(repeating: UInt8(ascii: "x"), count: piece - 4)
        missing -= piece
    }
    try (out + image.dropFirst(2)).write(to: file)
}
