// swift-tools-version:6.0
import PackageDescription

// VideoIDFFI (C header of the native library) <- VideoIDNative (generated) <- VideoID (what a program imports).
// The linker finds libvideoid_mobile by -Xlinker -L<folder>, the loader by -Xlinker -rpath -Xlinker <folder>.
let package = Package(
    name: "VideoID",
    platforms: [.macOS(.v12), .iOS(.v15)],
    products: [.library(name: "VideoID", targets: ["VideoID"])],
    targets: [
        .systemLibrary(name: "VideoIDFFI"),
        .target(name: "VideoIDNative", dependencies: ["VideoIDFFI"]),
        .target(name: "VideoID", dependencies: ["VideoIDNative"]),
        .testTarget(name: "VideoIDTests", dependencies: ["VideoID"]),
        // The process whose memory the tests measure; no product.
        .executableTarget(name: "VideoIDMemory", dependencies: ["VideoID"], path: "Tests/VideoIDMemory"),
    ],
    swiftLanguageModes: [.v6]
)
