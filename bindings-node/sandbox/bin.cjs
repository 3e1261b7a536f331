#!/usr/bin/env node
'use strict';

// Runs the program with the same arguments and streams, and ends as it does.

const { spawn } = require('node:child_process');

const { program } = require('./index.cjs');

const child = spawn(program(), process.argv.slice(2), { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  process.exit(signal ? 1 : code);
});
