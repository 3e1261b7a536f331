import { inspect } from 'node:util';

import { run } from './call.js';
import { invalid, rebuilding } from './errors.js';
import type { Acceptance, EvidenceReport, Limits, OcrData, SecurityChecks, VideoInfo } from './generated/models.js';
import type { JsonObject, SimilarityLevel } from './json.js';
import { native, type NativeEvidence, type NativeEvidenceBuilder } from './native.js';
import type { RequestOptions } from './options.js';
import { dress, toNative, toNativeShape, type Shape } from './shape.js';
import { pathText, toSource, type Prepared, type SourceInput } from './source.js';

/** What evidence is made of. */
export interface EvidenceInput {
  /** The user's acceptance of the terms. */
  acceptance?: Acceptance | undefined;
  /** Front of the identity document: JPEG or PNG. */
  documentFront?: SourceInput | undefined;
  /** Rear of the identity document. Needed unless the document is a passport (`PAS`). */
  documentRear?: SourceInput | undefined;
  /** The portrait of the document. */
  documentPhoto?: SourceInput | undefined;
  /** The holder, with the document where the service asks for it. */
  documentOwner?: SourceInput | undefined;
  /** What was read from the document, and the contact data that was confirmed. */
  ocrData?: OcrData | undefined;
  /** The security checks, each with where its value comes from. */
  securityChecks?: SecurityChecks | undefined;
  /** How alike document photo and selfie are: 0 to 100, or a word. */
  similarityLevel?: SimilarityLevel | undefined;
  /** Further keys of `videoid_data`, sent as they are: the service calls this object customizable. */
  extra?: JsonObject | undefined;
  /** Size limits. Default: those of {@link Limits}. */
  limits?: Limits | undefined;
  /** Refuses what is otherwise only advised against. Default: false. */
  strict?: boolean | undefined;
}

/** Options of what is done here and not over the network. */
export type LocalOptions = Pick<RequestOptions, 'signal'>;

const IMAGES = { documentFront: 'document_front', documentRear: 'document_rear', documentPhoto: 'document_photo', documentOwner: 'document_owner' } as const;

const PARTS: Shape = {
  acceptance: { type: '@Acceptance' },
  ocrData: { type: '@OcrData', wire: 'videoid_data.ocr_data' },
  securityChecks: { type: '@SecurityChecks', wire: 'videoid_data.security_checks' },
  similarityLevel: { type: 'similarity', wire: 'videoid_data.similarity_level' },
  extra: { type: 'json', wire: 'videoid_data' },
  limits: { type: '@Limits' },
  strict: { type: 'bool' },
};

const CREATE = Symbol('create');

/**
 * The evidence of an identification, checked and ready to be sent.
 *
 * The images stay where they are and are read as they are sent; they must not change until then, which is checked.
 */
export class Evidence {
  readonly #native: NativeEvidence;

  private constructor(key: symbol, evidence: NativeEvidence) {
    if (key !== CREATE) throw new TypeError('use Evidence.build');
    this.#native = evidence;
  }

  /**
   * Reads the images, checks everything and makes the evidence. The event loop is not blocked.
   *
   * Rejects with one `VideoIdError` that lists every field at fault in `fields`. Missing pieces are warnings of the
   * {@link Evidence.report}, unless `strict` is set.
   */
  static async build(input: EvidenceInput, options?: LocalOptions): Promise<Evidence> {
    const { builder, sources } = collect(input);
    return new Evidence(CREATE, await run(options, { sources }, (call) => builder.build(call)));
  }

  /** As {@link Evidence.build}, but says all that is to be said instead of rejecting at what is wrong. */
  static async check(input: EvidenceInput, options?: LocalOptions): Promise<EvidenceReport> {
    const { builder, sources } = collect(input);
    return dress('EvidenceReport', await run(options, { sources }, (call) => builder.check(call)));
  }

  /** @internal */
  static fromNative(evidence: NativeEvidence): Evidence {
    return new Evidence(CREATE, evidence);
  }

  /** @internal */
  static native(evidence: unknown, field: string): NativeEvidence {
    if (!(evidence instanceof Evidence)) throw invalid(field, 'an Evidence');
    return evidence.#native;
  }

  /** The user's acceptance of the terms. */
  get acceptance(): Acceptance {
    return dress('Acceptance', this.#native.acceptance());
  }

  /** What was read from the document. */
  get ocrData(): OcrData {
    return dress('OcrData', this.#native.ocrData());
  }

  /** The security checks with where they come from. Only their booleans are sent. */
  get securityChecks(): SecurityChecks {
    return dress('SecurityChecks', this.#native.securityChecks());
  }

  /** How alike document photo and selfie are. */
  get similarityLevel(): SimilarityLevel | undefined {
    return this.#native.similarityLevel() ?? undefined;
  }

  /** What was noticed when it was built: warnings, and what is known of each image. */
  get report(): EvidenceReport {
    return dress('EvidenceReport', this.#native.report());
  }

  /** Length of the body that is sent, in bytes. */
  get contentLength(): number {
    return this.#native.contentLength();
  }

  /** SHA-256 of the body that is sent, in lower-case hex. Reads the images. */
  sha256(options?: LocalOptions): Promise<string> {
    return run(options, {}, (call) => this.#native.sha256(call));
  }

  /** Writes the body that is sent to a new file that only its owner can read. Memory does not grow with the images. */
  writeJson(path: string | URL, options?: LocalOptions): Promise<void> {
    return run(options, {}, async (call) => this.#native.writeJson(pathText(path, 'path'), call));
  }

  /** Shows sizes and names of images, nothing personal. */
  [inspect.custom](_depth: number, options: object): string {
    const images = this.#native.report().images.map((image) => image.name);
    return `Evidence ${inspect({ images, contentLength: this.contentLength }, options)}`;
  }

  /** What `JSON.stringify` writes: the same as is shown. */
  toJSON(): object {
    return { images: this.#native.report().images.map((image) => image.name), contentLength: this.contentLength };
  }
}

function collect(input: EvidenceInput): { builder: NativeEvidenceBuilder; sources: Prepared[] } {
  if (typeof input !== 'object' || input === null) throw invalid('evidence', 'an object');
  const { documentFront, documentRear, documentPhoto, documentOwner, ...rest } = input;
  const images = { documentFront, documentRear, documentPhoto, documentOwner };
  const parts = toNativeShape(PARTS, rest, '');
  const builder = rebuilding(() => new native.NativeEvidenceBuilder(parts));
  const sources: Prepared[] = [];
  for (const [name, wire] of Object.entries(IMAGES)) {
    const image = images[name as keyof typeof images];
    if (image === undefined || image === null) continue;
    const source = toSource(image, `videoid_data.images.${wire}`).prepare();
    sources.push(source);
    builder.image(wire, source.native);
  }
  return { builder, sources };
}

/** Options of {@link checkVideo}. */
export interface CheckVideoOptions extends LocalOptions {
  /** Size limits. Default: those of {@link Limits}. */
  limits?: Limits | undefined;
}

/**
 * Looks at the structure of a video: whether it is a whole MP4. Reads headers only. A stream cannot be looked at before it is
 * sent: `checked` is false then.
 */
export async function checkVideo(video: SourceInput, options: CheckVideoOptions = {}): Promise<VideoInfo> {
  const { limits, ...rest } = options;
  const source = toSource(video, 'video').prepare();
  const converted = limits && toNative('Limits', limits, 'limits');
  return dress('VideoInfo', await run(rest, {}, (call) => native.checkVideo(source.native, converted, call)));
}
