import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { isMainThread } from 'node:worker_threads';

import { invalid } from './errors.js';
import { native, type NativeFeed, type NativeSource } from './native.js';

/** A stream and how many bytes it will give: the service wants to know before the first. It can be sent only once. */
export interface StreamSource {
  /** A web `ReadableStream`, a Node `Readable`, or anything with an async iterator over `Uint8Array`s. */
  stream: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;
  /** Its length in bytes, exactly. */
  length: number;
}

/**
 * Where bytes come from: a path (as text or `file:` URL), bytes in memory, a `Blob` (a `File` too), a stream with its length,
 * or a {@link Source}.
 *
 * Bytes are not copied on the main thread: do not change or transfer them until the call has ended, or for evidence until it
 * was sent. In a worker thread, whose memory ends with it, they are copied once, and so are those of a `SharedArrayBuffer`.
 * A `Blob` and a stream are read piece by piece, each of which is copied; at most a few are in memory.
 *
 * A path, bytes and a `Blob` can be read again, which evidence, documents and repetitions need; a stream cannot.
 */
export type SourceInput = string | URL | Uint8Array | Blob | StreamSource | Source;

type Chunks = { next(): Promise<{ done?: boolean | undefined; value?: unknown }>; stop(): void };

/** A source as a call uses it. */
export interface Prepared {
  readonly native: NativeSource;
  /** What the caller's stream threw. */
  readonly error: unknown;
  /** Begins to feed the stream. */
  begin(): void;
  /** The call is over: the stream is let go. */
  end(): void;
}

/** What went wrong in the caller's stream. */
interface Failed {
  error: unknown;
}

const CREATE = Symbol('create');

/** The bytes of an image or a video. Nothing of it is shown: a path may hold a name. */
export class Source {
  readonly #native: NativeSource;
  readonly #stream: StreamSource['stream'] | undefined;
  readonly #failed: Failed;
  #begun = false;

  private constructor(key: symbol, source: NativeSource, stream?: StreamSource['stream'], failed: Failed = { error: undefined }) {
    if (key !== CREATE) throw new TypeError('use Source.path, Source.bytes, Source.blob or Source.stream');
    this.#native = source;
    this.#stream = stream;
    this.#failed = failed;
  }

  /** A file. It is read in pieces when it is needed; it must not change meanwhile, which is checked. */
  static path(path: string | URL): Source {
    return new Source(CREATE, native.NativeSource.path(pathText(path, 'path')));
  }

  /** Bytes that are in memory already. */
  static bytes(bytes: Uint8Array): Source {
    if (!(bytes instanceof Uint8Array)) throw invalid('bytes', 'a Uint8Array or Buffer');
    // What others may write to, and what goes away with its worker, must not be read by other threads.
    const copy = !isMainThread || bytes.buffer instanceof SharedArrayBuffer;
    return new Source(CREATE, native.NativeSource.bytes(bytes, copy));
  }

  /**
   * A `Blob`, a `File` too: in memory, or on disk by `fs.openAsBlob`. It is read in pieces, from its start each time that it is
   * needed.
   */
  static blob(blob: Blob): Source {
    if (!(blob instanceof Blob)) throw invalid('blob', 'a Blob');
    const failed: Failed = { error: undefined };
    return new Source(CREATE, native.NativeSource.reopened(blob.size, (feed) => void pour(blob, feed, failed)), undefined, failed);
  }

  /** A stream of exactly `length` bytes. It is read as it is sent, no faster, and can be sent only once. */
  static stream(stream: StreamSource['stream'], length: number): Source {
    if (!Number.isSafeInteger(length) || length < 0) throw invalid('length', 'a whole number of bytes');
    if (!(stream instanceof ReadableStream) && typeof stream?.[Symbol.asyncIterator] !== 'function') {
      throw invalid('stream', 'a ReadableStream, a Readable or an async iterable');
    }
    return new Source(CREATE, native.NativeSource.channel(length), stream);
  }

  /** @internal */
  static fromNative(source: NativeSource): Source {
    return new Source(CREATE, source);
  }

  /** @internal */
  prepare(): Prepared {
    const source = this.#native;
    const failed = this.#failed;
    let chunks: Chunks | undefined;
    let ended = false;
    const pump = async (): Promise<void> => {
      try {
        chunks = read(this.#stream as StreamSource['stream']);
        while (!ended) {
          const { done, value } = await chunks.next();
          if (done) break;
          if (!(value instanceof Uint8Array)) throw invalid('stream', 'chunks that are Uint8Arrays');
          if (value.byteLength > 0 && !(await source.push(value))) break;
        }
      } catch (thrown) {
        if (!ended) failed.error = thrown ?? new Error('the stream failed without saying why');
      } finally {
        source.finish();
      }
    };
    return {
      native: source,
      get error() {
        return failed.error;
      },
      begin: () => {
        if (this.#stream === undefined || this.#begun) return;
        this.#begun = true;
        void pump();
      },
      end: () => {
        ended = true;
        chunks?.stop();
      },
    };
  }

  /** Shows nothing of what it holds. */
  [inspect.custom](): string {
    return 'Source {}';
  }
}

/** The chunks of a stream, and how it is let go before its end. */
function read(stream: StreamSource['stream']): Chunks {
  const quietly = (work: () => unknown): void => {
    void Promise.resolve()
      .then(work)
      .catch(() => undefined);
  };
  if (stream instanceof ReadableStream) {
    const reader = stream.getReader();
    return { next: () => reader.read(), stop: () => quietly(() => reader.cancel()) };
  }
  const iterator = stream[Symbol.asyncIterator]();
  const stop = stream instanceof Readable ? () => stream.destroy() : () => quietly(() => iterator.return?.());
  return { next: () => iterator.next(), stop };
}

/** How much of a blob is read at a time, in bytes. */
const PIECE = 128 * 1024;

/** Pushes what a blob holds, until its end or until nobody reads any more. Not by `stream()`, which gives what is in memory in one piece. */
async function pour(blob: Blob, feed: NativeFeed, failed: Failed): Promise<void> {
  let whole = false;
  try {
    failed.error = undefined;
    for (let at = 0; ; at += PIECE) {
      whole = at >= blob.size;
      if (whole || !(await feed.push(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer())))) break;
    }
  } catch (thrown) {
    failed.error = thrown ?? new Error('the blob could not be read');
  } finally {
    feed.finish(!whole);
  }
}

/** A path as text. */
export function pathText(path: unknown, field: string): string {
  if (path instanceof URL) {
    if (path.protocol !== 'file:') throw invalid(field, 'a path or a file: URL');
    return fileURLToPath(path);
  }
  if (typeof path !== 'string' || path === '' || path.includes('\0')) throw invalid(field, 'a path or a file: URL');
  return path;
}

/** The source that something stands for. */
export function toSource(input: SourceInput, field: string): Source {
  if (input instanceof Source) return input;
  if (typeof input === 'string' || input instanceof URL) return Source.path(pathText(input, field));
  if (input instanceof Uint8Array) return Source.bytes(input);
  if (input instanceof Blob) return Source.blob(input);
  if (typeof input === 'object' && input !== null && 'stream' in input) return Source.stream(input.stream, input.length);
  throw invalid(field, 'a path, a Uint8Array, a Blob, or { stream, length }');
}
