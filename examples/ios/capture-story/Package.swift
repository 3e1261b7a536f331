// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "videoid-capture-example",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "VideoIDCapture", path: "../../../bindings-mobile/swift/Capture")],
    targets: [.executableTarget(name: "videoid-capture-example", dependencies: [.product(name: "VideoIDCapture", package: "VideoIDCapture")])],
    swiftLanguageModes: [.v6]
)
