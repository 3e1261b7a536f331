'use strict';

// Where the program of this platform is.

const fs = require('node:fs');

function isMusl() {
  if (process.platform !== 'linux') return false;
  try {
    // A script of some lines on either; the report below takes fifty milliseconds.
    return fs.readFileSync('/usr/bin/ldd', 'latin1').includes('musl');
  } catch {
    // Small images have none.
  }
  const report = process.report && process.report.getReport();
  const header = (typeof report === 'string' ? JSON.parse(report) : report)?.header;
  return header !== undefined && !header.glibcVersionRuntime;
}

function platform() {
  const { platform: system, arch } = process;
  if (system === 'linux') return `linux-${arch}-${isMusl() ? 'musl' : 'gnu'}`;
  if (system === 'win32') return `win32-${arch}-msvc`;
  return `${system}-${arch}`;
}

function program() {
  const name = `videoid-sandbox-${platform()}`;
  try {
    return require.resolve(`${name}/videoid-sandbox${process.platform === 'win32' ? '.exe' : ''}`);
  } catch (cause) {
    const text =
      `videoid-sandbox: there is no program for this platform. It comes in the package ${name}, an optional dependency that npm leaves ` +
      'out with --omit=optional, with a lock file made on another platform, or where there is none for it.';
    throw Object.assign(new Error(text, { cause }), { code: 'VIDEOID_SANDBOX_MISSING' });
  }
}

module.exports = { program };
