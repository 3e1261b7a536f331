import Foundation
import VideoID

/// A video up to an Optimizer and back again; in the control process all but that: every byte is read and written.
struct UpAndBack {
    private let client: OneShot
    private let folder: URL

    init(_ config: String, _ folder: URL) throws {
        client = try OneShot(OneShotConfig(json: config))
        self.folder = folder
    }

    func run(_ video: URL, transfer: Bool) async throws {
        let videoid = NewVideoId(mobilePhoneNumber: "+34600000000", email: "anna@example.com", profile: "PFnubeQAFCiudadano")
        let handle = try await client.createVideoid(videoid).handle
        guard transfer else { return try copy(video) }
        let watched = RequestOptions { _ in }
        try await client.uploadVideoidVideo(handle, video: Source(url: video), options: watched)
        try await client.downloadVideoidVideo(handle, to: folder.appendingPathComponent("back.mp4"), options: watched)
    }

    private func copy(_ video: URL) throws {
        let target = folder.appendingPathComponent("copy.mp4")
        _ = FileManager.default.createFile(atPath: target.path, contents: nil)
        let (from, to) = (try FileHandle(forReadingFrom: video), try FileHandle(forWritingTo: target))
        while let piece = try from.read(upToCount: 1 << 16), !piece.isEmpty { try to.write(contentsOf: piece) }
        try to.close()
    }
}
