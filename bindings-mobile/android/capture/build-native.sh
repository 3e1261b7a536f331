#!/bin/sh
# Builds the library for each ABI into build/jniLibs, stripped, with its symbols in build/symbols.
# Not run here: it takes the Android NDK (ANDROID_NDK_HOME), cargo-ndk and Rust's targets for Android.
# Usage: build-native.sh arm64-v8a armeabi-v7a x86_64
set -eu
here=$(cd "$(dirname "$0")" && pwd)
strip=$(find "$ANDROID_NDK_HOME/toolchains/llvm/prebuilt" -name llvm-strip -type f | head -n 1)
for abi in "$@"; do
  # Pages of 16 KB, which older linkers do not assume.
  RUSTFLAGS="-C link-arg=-Wl,-z,max-page-size=16384 -C link-arg=-Wl,-z,common-page-size=16384" \
    cargo ndk --target "$abi" --platform 26 --output-dir "$here/build/symbols" -- \
    rustc --locked --profile release-mobile --package videoid-capture --lib --crate-type cdylib --config profile.release-mobile.strip=false
  mkdir -p "$here/build/jniLibs/$abi"
  "$strip" --strip-unneeded -o "$here/build/jniLibs/$abi/libvideoid_capture.so" "$here/build/symbols/$abi/libvideoid_capture.so"
done
"$here/check-16kb.sh" "$here/build/jniLibs"
