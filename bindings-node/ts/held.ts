import { VideoIdError } from './errors.js';

/** The addon's client behind a client of this package, what runs on it, and whether it was closed. */
export class Held<Native extends { close(): void }> {
  /** The addon's client. */
  readonly native: Native;
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  #closed = false;

  constructor(native: Native) {
    this.native = native;
  }

  /** Ends the client: later calls reject with `client_closed`, running ones go on. */
  close(): void {
    this.#closed = true;
    // The addon's client looks whether it is closed when a call begins to run, which may be later than it was made.
    if (this.#running === 0) this.native.close();
  }

  /** Ends the client and waits for what is running. */
  async closed(): Promise<void> {
    this.close();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Does something with the client, which is not ended meanwhile. */
  async track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new VideoIdError({ code: 'client_closed', category: 'config', detail: 'the client was closed' });
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (this.#running === 0) {
        if (this.#closed) this.native.close();
        for (const resolve of this.#waiting.splice(0)) resolve();
      }
    }
  }
}
