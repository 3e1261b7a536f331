// Not built here: it takes Xcode.
import SwiftUI
import UIKit

/// A button for each piece, and one that sends them.
struct CaptureView: View {
    @StateObject private var model = CaptureModel()
    @State private var awaited: Piece?

    var body: some View {
        VStack(spacing: 16) {
            ForEach(Piece.allCases) { piece in
                Button(model.pieces.contains(piece) ? "\(piece.title) ✓" : piece.title) { awaited = piece }
            }
            Button("Send") { model.send() }.disabled(!model.isComplete || model.isBusy)
            Text(model.message)
        }
        .padding()
        .fullScreenCover(item: $awaited) { piece in
            Camera(films: piece == .video) { taken in
                if let taken { model.took(piece, taken) }
                awaited = nil
            }
        }
    }
}

/// The system's camera.
struct Camera: UIViewControllerRepresentable {
    enum Taken {
        case picture(UIImage)
        case film(URL)
    }

    let films: Bool
    let done: (Taken?) -> Void

    func makeUIViewController(context: Context) -> UIImagePickerController {
        let camera = UIImagePickerController()
        camera.sourceType = .camera
        camera.mediaTypes = [films ? "public.movie" : "public.image"]
        camera.videoQuality = .typeHigh
        camera.delegate = context.coordinator
        return camera
    }

    func updateUIViewController(_ camera: UIImagePickerController, context: Context) {}

    func makeCoordinator() -> Coordinator { Coordinator(done) }

    final class Coordinator: NSObject, UIImagePickerControllerDelegate, UINavigationControllerDelegate {
        private let done: (Taken?) -> Void

        init(_ done: @escaping (Taken?) -> Void) { self.done = done }

        func imagePickerController(_ camera: UIImagePickerController, didFinishPickingMediaWithInfo info: [UIImagePickerController.InfoKey: Any]) {
            if let film = info[.mediaURL] as? URL {
                done(.film(film))
            } else {
                done((info[.originalImage] as? UIImage).map(Taken.picture))
            }
        }

        func imagePickerControllerDidCancel(_ camera: UIImagePickerController) { done(nil) }
    }
}
