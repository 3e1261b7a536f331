// Not built here: it takes Xcode.
import SwiftUI

@main
struct CaptureApp: App {
    var body: some Scene {
        WindowGroup { CaptureView() }
    }
}
