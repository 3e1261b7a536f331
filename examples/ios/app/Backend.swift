// Not built here: it takes Xcode.
import Foundation

/// Your backend: it takes the files of the bundle, loads it (which checks every file) and submits it with `ExternalVideoId`.
struct Backend {
    var address = URL(string: "https://backend.example.com/bundles/")!

    /// Sends the files one by one, the manifest last: the backend knows by it that the bundle is whole.
    func take(_ bundle: URL) async throws {
        let files = try FileManager.default.contentsOfDirectory(at: bundle, includingPropertiesForKeys: nil)
        for file in files.sorted(by: { $0.lastPathComponent != "manifest.json" && $1.lastPathComponent == "manifest.json" }) {
            var request = URLRequest(url: address.appendingPathComponent(bundle.lastPathComponent).appendingPathComponent(file.lastPathComponent))
            request.httpMethod = "PUT"
            // From the file, so that it never stands in memory. A background session goes on with it where the app is suspended.
            let (_, answer) = try await URLSession.shared.upload(for: request, fromFile: file)
            guard (answer as? HTTPURLResponse)?.statusCode == 201 else { throw URLError(.badServerResponse) }
        }
    }
}
