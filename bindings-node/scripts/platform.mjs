// The names of this platform: of its package, and of the library that cargo makes.

const musl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;

/** The platform's part in file and package names. */
export const platform =
  process.platform === 'linux'
    ? `linux-${process.arch}-${musl ? 'musl' : 'gnu'}`
    : process.platform === 'win32'
      ? `win32-${process.arch}-msvc`
      : `${process.platform}-${process.arch}`;

/** What cargo calls the library. */
export const library = process.platform === 'win32' ? 'videoid_node.dll' : process.platform === 'darwin' ? 'libvideoid_node.dylib' : 'libvideoid_node.so';

/** What cargo calls the sandbox. */
export const program = process.platform === 'win32' ? 'videoid-sandbox.exe' : 'videoid-sandbox';

/** What `package.json` of a platform package says of where it fits. */
export const fits = { os: [process.platform], cpu: [process.arch], ...(process.platform === 'linux' ? { libc: [musl ? 'musl' : 'glibc'] } : {}) };
