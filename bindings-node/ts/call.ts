import { abortedBefore, rebuild } from './errors.js';
import { native, type NativeCall } from './native.js';
import { checkOptions, type RequestOptions } from './options.js';
import { dress } from './shape.js';
import type { Prepared } from './source.js';

/** What one call has besides its options. */
export interface CallContext {
  /** Name of the operation, for the error of a signal that is aborted already. */
  operation?: string;
  /** The call of the addon to be used, where several runs share one. */
  call?: NativeCall | undefined;
  /** The sources that are read while it runs. */
  sources?: readonly Prepared[];
  /** An error of the caller's own code that made the call fail. */
  ownError?: () => unknown;
}

/**
 * Makes a call of the addon: hands over options, ends it when the signal says so, feeds the streams, and makes its rejection a
 * typed error.
 */
export async function run<T>(options: RequestOptions | undefined, context: CallContext, start: (call: NativeCall) => Promise<T>): Promise<T> {
  const { signal, timeout, onProgress } = checkOptions(options);
  const sources = context.sources ?? [];
  let thrown: { error: unknown } | undefined;
  let call: NativeCall | undefined;
  const progress =
    onProgress &&
    ((sent: number, total: number): void => {
      if (thrown !== undefined) return;
      try {
        onProgress(dress('Progress', { sent, total }));
      } catch (error) {
        thrown = { error };
        call?.cancel();
      }
    });
  const cancel = (): void => call?.cancel();
  try {
    if (signal?.aborted) throw abortedBefore(signal, context.operation);
    call = context.call ?? new native.NativeCall(timeout, progress);
    signal?.addEventListener('abort', cancel, { once: true });
    const running = start(call);
    for (const source of sources) source.begin();
    const result = await running;
    if (thrown !== undefined) throw thrown.error;
    return result;
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    throw rebuild(error, signal, context.ownError?.() ?? sources.find((source) => source.error !== undefined)?.error);
  } finally {
    signal?.removeEventListener('abort', cancel);
    for (const source of sources) source.end();
  }
}
