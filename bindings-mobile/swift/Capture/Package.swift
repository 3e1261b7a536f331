// swift-tools-version:6.0
import PackageDescription

// For capture apps: the first tier of the package beside it, from the same sources (the folders `Shared` are links to them), over a
// library without HTTP. The module has the same name, so that an app's code is the same with either; a program takes one of the two.
// On Linux and macOS the linker finds libvideoid_capture by -Xlinker -L<folder>; for iOS see README.md.
let package = Package(
    name: "VideoIDCapture",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "VideoIDCapture", targets: ["VideoID"])],
    targets: [
        .systemLibrary(name: "VideoIDCaptureFFI"),
        .target(name: "VideoIDNative", dependencies: ["VideoIDCaptureFFI"]),
        .target(name: "VideoID", dependencies: ["VideoIDNative"], resources: [.copy("PrivacyInfo.xcprivacy")]),
        .testTarget(name: "VideoIDCaptureTests", dependencies: ["VideoID"]),
        // The process whose memory the tests measure; no product.
        .executableTarget(name: "VideoIDCaptureMemory", dependencies: ["VideoID"], path: "Tests/VideoIDCaptureMemory"),
    ],
    swiftLanguageModes: [.v6]
)
