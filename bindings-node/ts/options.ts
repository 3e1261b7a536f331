import type { Progress } from './generated/models.js';
import { invalid } from './errors.js';

/** Options of one call. */
export interface RequestOptions {
  /** Ends the call: its connection is closed, and the promise rejects with an `AbortError` whose `cause` is the reason. */
  signal?: AbortSignal | undefined;
  /** Time limit of the whole call with its repetitions, in milliseconds; 0 is none. Default: the client's `timeouts.total`. */
  timeout?: number | undefined;
  /**
   * Told of the bytes of the body as they move: never goes back, at most some twenty times a second, and the last figures
   * come before the promise is settled. What it throws ends the call and is what the promise rejects with.
   */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** Refuses options of the wrong type. */
export function checkOptions(options: RequestOptions | undefined): RequestOptions {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object') throw invalid('options', 'an object');
  const { signal, timeout, onProgress } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('options.signal', 'an AbortSignal');
  if (timeout !== undefined && !(Number.isSafeInteger(timeout) && timeout >= 0)) throw invalid('options.timeout', 'whole milliseconds, 0 for no limit');
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalid('options.onProgress', 'a function');
  return options;
}
