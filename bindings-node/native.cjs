'use strict';

// Finds the addon of this platform: beside this file in a working copy, else in the package of the platform.

const fs = require('node:fs');
const path = require('node:path');

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

function missing(name, cause) {
  const text =
    `videoid: there is no native addon for ${name}. It comes in the package videoid-${name}, an optional dependency that ` +
    'npm leaves out with --omit=optional, with a node_modules folder or lock file made on another platform, or where ' +
    `there is none for it. Remove node_modules and the lock file and install again, or install videoid-${name} of the same version.`;
  return Object.assign(new Error(text, { cause }), { code: 'VIDEOID_NATIVE_MISSING' });
}

function unusable(name, cause) {
  const text =
    `videoid: the native addon for ${name} is there but cannot be loaded: ${cause.message}. ` +
    'A message about GLIBC means that the system is older than the addon supports.';
  return Object.assign(new Error(text, { cause }), { code: 'VIDEOID_NATIVE_UNUSABLE' });
}

function load() {
  const name = platform();
  const local = path.join(__dirname, `videoid.${name}.node`);
  try {
    return fs.existsSync(local) ? require(local) : require(`videoid-${name}`);
  } catch (error) {
    throw error.code === 'MODULE_NOT_FOUND' ? missing(name, error) : unusable(name, error);
  }
}

const native = load();
const wanted = require('./package.json').version;
if (native.version() !== wanted) {
  throw Object.assign(new Error(`videoid: the native addon has version ${native.version()}, the package ${wanted}; install both of one version.`), {
    code: 'VIDEOID_NATIVE_MISSING',
  });
}

module.exports = native;
