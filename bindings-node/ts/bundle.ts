import { inspect } from 'node:util';

import { run } from './call.js';
import { Evidence, type LocalOptions } from './evidence.js';
import type { BundleManifest } from './generated/models.js';
import { native, type NativeBundle } from './native.js';
import { dress } from './shape.js';
import { Source, pathText, toSource, type SourceInput } from './source.js';

const CREATE = Symbol('create');

/**
 * Evidence and video as a plain folder that only its owner can read: kept, moved to another machine, and gone on with in
 * any of the languages.
 */
export class Bundle {
  readonly #native: NativeBundle;

  private constructor(key: symbol, bundle: NativeBundle) {
    if (key !== CREATE) throw new TypeError('use Bundle.load or Bundle.save');
    this.#native = bundle;
  }

  /**
   * Writes a bundle: whole or not at all. The folder must not exist yet, or be empty.
   *
   * Rejects with `bundle_invalid` where there is something already, `source_changed` where a file is not what was checked.
   */
  static async save(folder: string | URL, evidence: Evidence, video?: SourceInput, options?: LocalOptions): Promise<BundleManifest> {
    const path = pathText(folder, 'dir');
    const source = video === undefined ? undefined : toSource(video, 'video').prepare();
    const handle = Evidence.native(evidence, 'evidence');
    return dress('BundleManifest', await run(options, {}, (call) => native.NativeBundle.save(path, handle, source?.native, call)));
  }

  /**
   * Reads a bundle and checks all of it: names, sizes, SHA-256.
   *
   * Rejects with `bundle_invalid`, `bundle_altered` or `format_unsupported`.
   */
  static async load(folder: string | URL, options?: LocalOptions): Promise<Bundle> {
    const path = pathText(folder, 'dir');
    return new Bundle(CREATE, await run(options, {}, (call) => native.NativeBundle.load(path, call)));
  }

  /** The evidence. */
  get evidence(): Evidence {
    return Evidence.fromNative(this.#native.evidence());
  }

  /** The video, where there is one. */
  get video(): Source | undefined {
    const video = this.#native.video();
    return video == null ? undefined : Source.fromNative(video);
  }

  /** What the folder holds. */
  get manifest(): BundleManifest {
    return dress('BundleManifest', this.#native.manifest());
  }

  /** Shows the manifest. */
  [inspect.custom](_depth: number, options: object): string {
    return `Bundle ${inspect(this.manifest, options)}`;
  }

  /** What `JSON.stringify` writes: the manifest. */
  toJSON(): object {
    return { manifest: this.manifest };
  }
}
