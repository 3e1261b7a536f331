// Files of a given size that pass for a JPEG and an MP4.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

import { fixture } from './sandbox.mjs';

const PIECE = 1 << 20;

/** The fixture's JPEG, filled up with comments to exactly `bytes` bytes. */
export function writeJpeg(path, bytes, original = fixture('specimen/document_front.jpg')) {
  const image = readFileSync(original);
  let fill = bytes - image.length;
  if (fill !== 0 && fill < 4) throw new Error(`a JPEG of ${bytes} bytes cannot be made from one of ${image.length}`);
  const file = openSync(path, 'w');
  try {
    writeSync(file, image, 0, 2);
    const comment = Buffer.alloc(65537, 'x');
    comment.writeUInt16BE(0xfffe, 0);
    while (fill > 0) {
      // What is left must be nothing, or enough for a comment.
      let length = Math.min(fill, comment.length);
      if (fill - length > 0 && fill - length < 4) length -= 4;
      comment.writeUInt16BE(length - 2, 2);
      writeSync(file, comment, 0, length);
      fill -= length;
    }
    writeSync(file, image, 2);
  } finally {
    closeSync(file);
  }
  return path;
}

function box(type, ...contents) {
  const length = contents.reduce((sum, part) => sum + part.length, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...contents]);
}

/** `ftyp`, `mdat`, `moov` of exactly `bytes` bytes. */
export function writeMp4(path, bytes) {
  const ftyp = box('ftyp', Buffer.from('isom\x00\x00\x02\x00isommp42', 'latin1'));
  const mvhd = Buffer.alloc(100);
  mvhd.writeUInt32BE(1000, 12);
  mvhd.writeUInt32BE(1000, 16);
  const moov = box('moov', box('mvhd', mvhd));
  let left = bytes - ftyp.length - moov.length;
  if (left < 16) throw new Error(`an MP4 of ${bytes} bytes cannot be made`);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write('mdat', 4, 'latin1');
  head.writeBigUInt64BE(BigInt(left), 8);
  const file = openSync(path, 'w');
  try {
    writeSync(file, ftyp);
    writeSync(file, head);
    left -= 16;
    const piece = Buffer.alloc(Math.min(PIECE, left), 'v');
    while (left > 0) left -= writeSync(file, piece, 0, Math.min(piece.length, left));
    writeSync(file, moov);
  } finally {
    closeSync(file);
  }
  return path;
}
