// Not built here: it takes Xcode.
import AVFoundation
import SwiftUI
import VideoID

/// What is filmed.
enum Piece: String, CaseIterable, Identifiable {
    case front, rear, owner, video

    var id: String { rawValue }

    var title: String {
        switch self {
        case .front: "Front of the document"
        case .rear: "Rear of the document"
        case .owner: "Yourself"
        case .video: "Video"
        }
    }
}

/// From what was taken to what the backend has.
@MainActor
final class CaptureModel: ObservableObject {
    @Published private(set) var pieces: [Piece] = []
    @Published private(set) var isBusy = false
    @Published private(set) var message = ""

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("taken", isDirectory: true)
    private var files: [Piece: URL] = [:]

    var isComplete: Bool { Piece.allCases.allSatisfy(pieces.contains) }

    func took(_ piece: Piece, _ taken: Camera.Taken) {
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            switch taken {
            case .film(let film): files[piece] = film
            case .picture(let picture):
                // The camera may have HEIC, which the service does not take: JPEG is what it shows everywhere.
                guard let data = picture.jpegData(compressionQuality: 0.92) else { return }
                let file = folder.appendingPathComponent("\(piece.rawValue).jpg")
                try data.write(to: file, options: [.atomic, .completeFileProtection])
                files[piece] = file
            }
            pieces.append(piece)
        } catch {
            message = error.localizedDescription
        }
    }

    func send() {
        isBusy = true
        Task {
            do {
                let bundle = try await bundled()
                try await Backend().take(bundle)
                try FileManager.default.removeItem(at: bundle)
                message = "Sent"
            } catch {
                // One line for people, without personal data. The fields of a VideoIDError say which piece to film again.
                message = error.localizedDescription
            }
            isBusy = false
        }
    }

    /// The bundle in the app's own folder.
    private func bundled() async throws -> URL {
        guard let front = files[.front], let owner = files[.owner], let film = files[.video] else { throw CocoaError(.fileNoSuchFile) }
        let video = Source(url: try await mp4(of: film))
        _ = try await checkVideo(video)
        let gathered = Gathered(
            front: Source(url: front), rear: files[.rear].map { Source(url: $0) }, owner: Source(url: owner), recognised: try await recognised(folder))
        let evidence = try await gathered.evidence()
        for finding in evidence.report.findings { message = "\(finding.code): \(finding.field)" }
        let bundle = folder.appendingPathComponent("bundle-\(UUID().uuidString)")
        try await EvidenceBundle.save(to: bundle, evidence: evidence, video: video)
        return bundle
    }

    /// The camera films QuickTime; the service takes MP4.
    private func mp4(of film: URL) async throws -> URL {
        let file = folder.appendingPathComponent("\(UUID().uuidString).mp4")
        guard let export = AVAssetExportSession(asset: AVURLAsset(url: film), presetName: AVAssetExportPresetPassthrough) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        export.outputURL = file
        export.outputFileType = .mp4
        await export.export()
        if let error = export.error { throw error }
        return file
    }
}
