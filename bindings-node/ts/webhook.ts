import { inspect } from 'node:util';

import { invalid, rebuilding } from './errors.js';
import type { Webhook } from './generated/models.js';
import { native, type NativeInbox } from './native.js';
import type { RequestOptions } from './options.js';
import { dress } from './shape.js';

/** The body of a webhook as a server received it: text, or bytes. Not what a framework has made of its JSON. */
export type WebhookBody = string | Uint8Array | ArrayBuffer;

function bytes(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw invalid('body', 'the body as it was received: text or bytes');
}

/**
 * Reads a webhook. Both documented bodies and mixtures of them are understood.
 *
 * Webhooks are not signed, so anybody can send one: what it claims counts once a call of `getRequest` shows it. A
 * {@link WebhookInbox} with `waitFor` does that.
 *
 * Throws `webhook_invalid` for what is no JSON object, or larger than 64 KiB.
 */
export function parseWebhook(body: WebhookBody): Webhook {
  const given = bytes(body);
  return dress('Webhook', rebuilding(() => native.parseWebhook(given)));
}

const natives = new WeakMap<WebhookInbox, NativeInbox>();

/**
 * Where a web server puts the webhooks that it receives, and where waiting calls look for them. One is enough for a program.
 *
 * It keeps no webhook and no personal data: it wakes those who wait at that moment, and who then look at the request.
 *
 * ```ts
 * const inbox = new WebhookInbox();
 * app.post('/webhook', express.raw({ type: () => true }), (request, response) => {
 *   try {
 *     inbox.receive(request.body);
 *   } finally {
 *     response.sendStatus(200);
 *   }
 * });
 * ```
 */
export class WebhookInbox {
  /** An inbox that nobody waits at. */
  constructor() {
    natives.set(this, new native.NativeInbox());
  }

  /**
   * Takes the body of a webhook: reads it and wakes those who wait for its request. What it claims is believed by nobody.
   *
   * Safe to repeat, to forge and to mix up: the worst that comes of it is a GET more, at most one in 200 ms for each wait. Answer
   * the service with HTTP 200 in any case: how it takes another answer is not documented.
   *
   * Throws `webhook_invalid`; nobody is woken then.
   */
  receive(body: WebhookBody): Webhook {
    const given = bytes(body);
    return dress('Webhook', rebuilding(() => nativeInbox(this, 'this').receive(given)));
  }

  /** Shows nothing: it holds nothing. */
  [inspect.custom](): string {
    return 'WebhookInbox {}';
  }

  /** What `JSON.stringify` writes: nothing. */
  toJSON(): object {
    return {};
  }
}

/** Options of a call that waits. */
export interface WaitOptions extends RequestOptions {
  /** Webhooks for the request bring the next look forward. Without one, only the polls find out. */
  inbox?: WebhookInbox | undefined;
}

/** @internal */
export function nativeInbox(inbox: unknown, field: string): NativeInbox {
  const found = natives.get(inbox as WebhookInbox);
  if (found === undefined) throw invalid(field, 'a WebhookInbox');
  return found;
}

/** @internal */
export function inboxOf(options: WaitOptions | undefined): NativeInbox | undefined {
  const inbox = options?.inbox;
  return inbox === undefined || inbox === null ? undefined : nativeInbox(inbox, 'options.inbox');
}
