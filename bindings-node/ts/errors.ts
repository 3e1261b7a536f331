import type { ErrorCategory, ErrorCode, Wire } from './generated/error-codes.js';

/** A field and the rule that it breaks. Never the value. */
export interface FieldIssue {
  /** The field in dotted wire names, for example `videoid_data.images.document_front`. */
  readonly field: string;
  /** The rule, for example `international prefix`. */
  readonly rule: string;
}

/** How the addon describes an error, as JSON in the text of its rejection. */
interface Report {
  videoid: 1;
  code: ErrorCode;
  category: ErrorCategory;
  message: string;
  detail: string;
  operation: string | null;
  wire: Wire;
  retryable: boolean;
  httpStatus: number | null;
  serverCode: string | null;
  serverId: string | null;
  serverText: string | null;
  retryAfter: number | null;
  correlationId: string | null;
  fields: FieldIssue[];
  causes: string[];
}

const BRAND = Symbol.for('videoid.VideoIdError');

/**
 * A failed call: what went wrong, where, and what may have happened.
 *
 * `message` is one line without personal data. What the service wrote is only in {@link VideoIdError.serverText}, which is
 * not enumerable, because it may repeat what was sent.
 */
export class VideoIdError extends Error {
  /** The stable code, for example `rejected`. `ERROR_CODES` explains each. New ones may come: keep a default arm. */
  readonly code: ErrorCode;
  /** The category of the code. */
  readonly category: ErrorCategory;
  /** One sentence that says what went wrong: the message without code, operation and the service's figures. */
  readonly detail: string;
  /** The operation that failed, by its name on the wire's side (`create_request`), where one was called. */
  declare readonly operation: string | undefined;
  /** What may have happened on the wire. */
  readonly wire: Wire;
  /** Whether the same call may be repeated as it is, without looking first and without doing anything twice. */
  readonly retryable: boolean;
  /** The HTTP status of the answer, where there was one. */
  declare readonly httpStatus: number | undefined;
  /** The vendor's own code, which often differs from the HTTP status. */
  declare readonly serverCode: string | undefined;
  /** The vendor's reference of the error, to be quoted to its support. */
  declare readonly serverId: string | undefined;
  /** What the service wrote. It may repeat what was sent: show it to a person, do not log it. Not enumerable. */
  declare readonly serverText: string | undefined;
  /** How long the service asks to wait before the next call, in milliseconds. */
  declare readonly retryAfter: number | undefined;
  /** The id that the hooks gave for the same call. */
  declare readonly correlationId: string | undefined;
  /** The fields that break a rule, and which rule. */
  readonly fields: readonly FieldIssue[];

  /** For the package's own use. */
  constructor(report: Partial<Report> & { code: ErrorCode; category: ErrorCategory; detail: string }, options?: { cause?: unknown }) {
    super(report.message ?? `${report.code}: ${report.detail}`, options);
    this.code = report.code;
    this.category = report.category;
    this.detail = report.detail;
    this.wire = report.wire ?? 'not_sent';
    this.retryable = report.retryable ?? false;
    // Only what is known becomes a property, so that a printed error is short.
    const { operation, httpStatus, serverCode, serverId, correlationId } = report;
    const retryAfter = report.retryAfter == null ? null : Math.round(report.retryAfter * 1000);
    for (const [name, value] of Object.entries({ operation, httpStatus, serverCode, serverId, retryAfter, correlationId })) {
      if (value !== undefined && value !== null) Object.defineProperty(this, name, { value, enumerable: true });
    }
    this.fields = report.fields ?? [];
    // Behind a getter, because `console.log('%o')` shows hidden values too.
    const serverText = report.serverText ?? undefined;
    Object.defineProperty(this, 'serverText', { get: () => serverText, enumerable: false });
    Object.defineProperty(this, BRAND, { value: true, enumerable: false });
  }

  static {
    Object.defineProperty(this.prototype, 'name', { value: 'VideoIdError', writable: true, configurable: true });
  }

  /** Whether the code is this one. */
  is(code: ErrorCode): boolean {
    return this.code === code;
  }

  /** Whether something that was thrown is an error of this package, and of that code where one is given. */
  static is(error: unknown, code?: ErrorCode): error is VideoIdError {
    return typeof error === 'object' && error !== null && BRAND in error && (code === undefined || (error as unknown as VideoIdError).code === code);
  }

  /** What `JSON.stringify` writes: everything but what the service wrote. */
  toJSON(): Record<string, unknown> {
    const shown: Record<string, unknown> = { name: this.name, message: this.message };
    for (const [name, value] of Object.entries(this)) if (name !== 'cause' && value !== undefined) shown[name] = value;
    return shown;
  }
}

/**
 * The call was ended by its `AbortSignal`; `cause` is the signal's reason. `code` is `cancelled`, and `wire` says whether
 * the call may have been processed.
 */
export class AbortError extends VideoIdError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'AbortError', writable: true, configurable: true });
  }
}

/** A value that breaks a rule, found before the core was asked. */
export function invalid(field: string, rule: string, code: 'field_invalid' | 'field_missing' | 'config_invalid' = 'field_invalid'): VideoIdError {
  const category = code === 'config_invalid' ? 'config' : 'validation';
  return new VideoIdError({ code, category, detail: `${field}: ${rule}`, fields: [{ field, rule }] });
}

/** The signal was aborted before anything was done. */
export function abortedBefore(signal: AbortSignal, operation: string | undefined): AbortError {
  return new AbortError(
    { code: 'cancelled', category: 'cancelled', detail: 'the caller cancelled before the call', operation: operation ?? null },
    { cause: signal.reason },
  );
}

function parse(text: unknown): Report | undefined {
  if (typeof text !== 'string' || !text.startsWith('{')) return undefined;
  try {
    const report = JSON.parse(text) as Report;
    return report.videoid === 1 ? report : undefined;
  } catch {
    return undefined;
  }
}

/** The error that the addon's rejection stands for. */
export function rebuild(error: unknown, signal?: AbortSignal, cause?: unknown): unknown {
  if (VideoIdError.is(error)) return error;
  if (!(error instanceof Error)) return error;
  const report = parse(error.message);
  if (report === undefined) {
    // napi's own texts quote the value that it could not convert: they are not passed on.
    return new VideoIdError({ code: 'internal', category: 'internal', detail: 'a value could not be handed to the addon; please report it' });
  }
  if (report.code === 'cancelled' && signal?.aborted) return new AbortError(report, { cause: signal.reason });
  if (cause !== undefined) return new VideoIdError(report, { cause });
  const chain = report.causes.reduceRight<Error | undefined>((inner, text) => {
    const outer = new Error(text, inner && { cause: inner });
    // Where this object was made says nothing about the cause.
    outer.stack = `Error: ${text}`;
    return outer;
  }, undefined);
  return new VideoIdError(report, chain && { cause: chain });
}

/** Runs what throws the addon's errors at once. */
export function rebuilding<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw rebuild(error);
  }
}
