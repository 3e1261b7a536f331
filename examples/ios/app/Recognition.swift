// Not built here: it takes Xcode.
import Foundation
import VideoID

/// What your products for text recognition, liveness and face match say of the pictures in the folder. They are products of their own: this package
/// judges no face and reads no text.
func recognised(_ pictures: URL) async throws -> Recognised {
    Recognised(data: OcrData(), isAlive: false, similarity: 0, by: "name your product")
}
