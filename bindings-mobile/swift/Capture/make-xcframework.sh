#!/bin/sh
# Builds VideoIDCaptureFFI.xcframework for iOS and its simulator, with the headers in a folder of their own name and the privacy manifest inside.
# Not run here: it takes a Mac with Xcode, and Rust's targets for iOS.
# Usage: make-xcframework.sh [CODE_SIGN_IDENTITY]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
build=$here/.build/xcframework
rm -rf "$build"
export IPHONEOS_DEPLOYMENT_TARGET=15.0

for target in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios; do
  (cd "$root" && cargo rustc --locked --profile release-mobile --package videoid-capture --lib --crate-type staticlib --target "$target")
done
mkdir -p "$build/device" "$build/simulator"
cp "$root/target/aarch64-apple-ios/release-mobile/libvideoid_capture.a" "$build/device/"
lipo -create -output "$build/simulator/libvideoid_capture.a" \
  "$root/target/aarch64-apple-ios-sim/release-mobile/libvideoid_capture.a" "$root/target/x86_64-apple-ios/release-mobile/libvideoid_capture.a"

# A framework for each platform: a manifest of its own name cannot meet another library's `include/module.modulemap`.
for platform in device simulator; do
  framework=$build/$platform/VideoIDCaptureFFI.framework
  mkdir -p "$framework/Headers" "$framework/Modules"
  mv "$build/$platform/libvideoid_capture.a" "$framework/VideoIDCaptureFFI"
  cp "$here/Sources/VideoIDCaptureFFI/VideoIDCaptureFFI.h" "$framework/Headers/"
  printf 'framework module VideoIDCaptureFFI {\n    header "VideoIDCaptureFFI.h"\n    export *\n}\n' > "$framework/Modules/module.modulemap"
  cp "$here/Sources/VideoID/PrivacyInfo.xcprivacy" "$framework/"
  cat > "$framework/Info.plist" <<'PLIST'
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>CFBundleExecutable</key><string>VideoIDCaptureFFI</string>
	<key>CFBundleIdentifier</key><string>dev.videoid.capture</string>
	<key>CFBundleName</key><string>VideoIDCaptureFFI</string>
	<key>CFBundlePackageType</key><string>FMWK</string>
	<key>CFBundleShortVersionString</key><string>0.1.0</string>
	<key>CFBundleVersion</key><string>1</string>
	<key>MinimumOSVersion</key><string>15.0</string>
</dict>
</plist>
PLIST
done
xcodebuild -create-xcframework -framework "$build/device/VideoIDCaptureFFI.framework" -framework "$build/simulator/VideoIDCaptureFFI.framework" \
  -output "$build/VideoIDCaptureFFI.xcframework"
[ $# -eq 0 ] || codesign --timestamp --sign "$1" "$build/VideoIDCaptureFFI.xcframework"

# What is published: the package with the framework in place of the system library. Links become files.
package=$build/package
mkdir -p "$package"
cp -RL "$here/Sources" "$package/Sources"
rm -r "$package/Sources/VideoIDCaptureFFI"
cp -R "$build/VideoIDCaptureFFI.xcframework" "$package/"
sed -e 's|\.systemLibrary(name: "VideoIDCaptureFFI")|.binaryTarget(name: "VideoIDCaptureFFI", path: "VideoIDCaptureFFI.xcframework")|' \
  -e '/Tests\//d' -e '/testTarget/d' "$here/Package.swift" > "$package/Package.swift"
echo "$package"
