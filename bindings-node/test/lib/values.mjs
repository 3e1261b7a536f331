// Values of scenarios and vectors, as a caller of the package would write them.

import { createReadStream, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { fromWire } from 'videoid';

import { writeJpeg, writeMp4 } from './files.mjs';
import { fixture } from './sandbox.mjs';

let made = 0;

/** The file that a source names, made where it has to be. */
export function sourcePath(spec, temp) {
  if (typeof spec === 'string') return spec.startsWith('tmp:') ? join(temp, spec.slice(4)) : fixture(spec);
  if (spec.fixture !== undefined) return fixture(spec.fixture);
  if (spec.path !== undefined) return sourcePath(spec.path, temp);
  if (spec.file !== undefined) return sourcePath(spec.file, temp);
  if (spec.generate !== undefined) {
    made += 1;
    const path = join(temp, `made-${made}.${spec.generate}`);
    if (spec.generate === 'mp4') return writeMp4(path, spec.bytes);
    if (spec.generate === 'jpeg') return writeJpeg(path, spec.bytes);
  }
  throw new Error(`a source that the runner does not know: ${JSON.stringify(spec)}`);
}

/** A source as `as` says: a path, bytes, or a stream that can be read once. */
export function source(spec, temp) {
  const path = sourcePath(spec, temp);
  switch (spec.as ?? 'path') {
    case 'path':
      return path;
    case 'bytes':
      return readFileSync(path);
    case 'stream':
      return { stream: Readable.from(createReadStream(path)), length: spec.length ?? statSync(path).size };
    default:
      throw new Error(`a source that the runner does not know: as ${spec.as}`);
  }
}

const IMAGES = { document_front: 'documentFront', document_rear: 'documentRear', document_photo: 'documentPhoto', document_owner: 'documentOwner' };
const MODELS = { acceptance: ['acceptance', 'Acceptance'], ocr_data: ['ocrData', 'OcrData'], security_checks: ['securityChecks', 'SecurityChecks'], limits: ['limits', 'Limits'] };
const PLAIN = { similarity_level: 'similarityLevel', extra: 'extra', strict: 'strict' };

/** The arguments of `build_evidence` as `Evidence.build` takes them. */
export function evidenceInput(args, toSource) {
  const out = {};
  for (const [name, value] of Object.entries(args)) {
    if (name in IMAGES) out[IMAGES[name]] = toSource(value);
    else if (name in MODELS) out[MODELS[name][0]] = fromWire(MODELS[name][1], value);
    else if (name in PLAIN) out[PLAIN[name]] = value;
    else throw new Error(`build_evidence: an argument that the runner does not know: ${name}`);
  }
  return out;
}

/** An error in the words of the scenarios. */
export function errorJson(error) {
  return {
    code: error.code,
    category: error.category,
    operation: error.operation,
    wire: error.wire,
    retryable: error.retryable,
    http_status: error.httpStatus,
    server_code: error.serverCode,
    server_id: error.serverId,
    fields: error.fields?.map(({ field }) => field),
  };
}
