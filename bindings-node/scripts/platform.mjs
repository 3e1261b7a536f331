// The names of the platform that is built for: of its packages, and of what cargo makes. It is this machine's, or with VIDEOID_TARGET the
// one of that Rust target.

const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** Every platform that has packages, by its Rust target, and what their `package.json` says of where they fit. */
export const platforms = {
  'x86_64-unknown-linux-gnu': { name: 'linux-x64-gnu', title: 'Linux on x64 with glibc', os: 'linux', cpu: 'x64', libc: 'glibc' },
  'aarch64-unknown-linux-gnu': { name: 'linux-arm64-gnu', title: 'Linux on arm64 with glibc', os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'x86_64-unknown-linux-musl': { name: 'linux-x64-musl', title: 'Linux on x64 with musl', os: 'linux', cpu: 'x64', libc: 'musl' },
  'aarch64-unknown-linux-musl': { name: 'linux-arm64-musl', title: 'Linux on arm64 with musl', os: 'linux', cpu: 'arm64', libc: 'musl' },
  'x86_64-apple-darwin': { name: 'darwin-x64', title: 'macOS on x64', os: 'darwin', cpu: 'x64' },
  'aarch64-apple-darwin': { name: 'darwin-arm64', title: 'macOS on arm64', os: 'darwin', cpu: 'arm64' },
  'x86_64-pc-windows-msvc': { name: 'win32-x64-msvc', title: 'Windows on x64', os: 'win32', cpu: 'x64' },
};

/** What decides: this machine, as `native.cjs` sees it. */
function here() {
  const name = process.platform === 'linux' ? `linux-${process.arch}-${musl ? 'musl' : 'gnu'}` : process.platform === 'win32' ? `win32-${process.arch}-msvc` : `${process.platform}-${process.arch}`;
  // One that has no package of its own can be built for all the same.
  return Object.values(platforms).find((platform) => platform.name === name) ?? { name, title: name, os: process.platform, cpu: process.arch };
}

/** The Rust target that was asked for. */
export const target = process.env.VIDEOID_TARGET || undefined;
if (target !== undefined && platforms[target] === undefined) throw new Error(`VIDEOID_TARGET: one of ${Object.keys(platforms).join(', ')}`);

/** The platform that is built for. */
export const platform = target === undefined ? here() : platforms[target];

/** What cargo calls the library. */
export const library = { win32: 'videoid_node.dll', darwin: 'libvideoid_node.dylib' }[platform.os] ?? 'libvideoid_node.so';

/** What cargo calls the sandbox. */
export const program = platform.os === 'win32' ? 'videoid-sandbox.exe' : 'videoid-sandbox';
