// swift-tools-version:6.0
import PackageDescription

let package = Package(
    name: "videoid-example",
    platforms: [.macOS(.v12)],
    dependencies: [.package(name: "VideoID", path: "../../bindings-mobile/swift")],
    targets: [.executableTarget(name: "videoid-example", dependencies: [.product(name: "VideoID", package: "VideoID")])],
    swiftLanguageModes: [.v6]
)
