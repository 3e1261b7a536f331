import type { BundleManifest, CertificateInfo, EvidenceReport, HookEvent, RaConfig, VideoInfo, WorkflowEvent } from './generated/models.js';
import type { Acceptance, OcrData, Profile, Progressed, Request, RequestReport, Scratchcard, SecurityChecks, Webhook } from './generated/models.js';
import type { OfficerOutcome, Started, Submission } from './generated/models.js';
import type { DownloadedFile, OneShotConfig, OneShotOutcome, OneShotStarted, Otp, SavedDocuments } from './generated/models.js';
import type { SimilarityLevel } from './json.js';
import loaded = require('#native');

/** One call: its options, and the handle that cancels it. */
export interface NativeCall {
  cancel(): void;
}

/** One reading of a source that is opened anew for each. */
export interface NativeFeed {
  push(chunk: Uint8Array): Promise<boolean>;
  finish(failed: boolean): void;
}

export interface NativeSource {
  push(chunk: Uint8Array): Promise<boolean>;
  finish(): void;
  length(call: NativeCall): Promise<number>;
}

export interface NativeEvidence {
  acceptance(): Acceptance;
  ocrData(): OcrData;
  securityChecks(): SecurityChecks;
  similarityLevel(): SimilarityLevel | null | undefined;
  report(): EvidenceReport;
  contentLength(): number;
  sha256(call: NativeCall): Promise<string>;
  writeJson(path: string, call: NativeCall): Promise<void>;
}

export interface NativeEvidenceBuilder {
  image(name: string, source: NativeSource): void;
  check(call: NativeCall): Promise<EvidenceReport>;
  build(call: NativeCall): Promise<NativeEvidence>;
}

export interface NativeBundle {
  evidence(): NativeEvidence;
  video(): NativeSource | null | undefined;
  manifest(): BundleManifest;
}

export interface NativeInbox {
  receive(body: Uint8Array): Webhook;
}

export interface NativeClient {
  close(): void;
  clientCertificate(): CertificateInfo | null | undefined;
  replaceIdentity(identity: object, call: NativeCall): Promise<CertificateInfo>;
  waitFor(requestPk: number, wait: object, inbox: NativeInbox | undefined, call: NativeCall): Promise<Request>;
}

/** The operations of a client, which are called by a computed name. */
export type NativeOperations = Record<string, ((...args: unknown[]) => Promise<object>) | undefined>;

/** A pass through a list: the next item, nothing after the last. */
export interface NativePages<T> {
  next(call: NativeCall): Promise<T | null | undefined>;
}

export interface NativeDocuments {
  add(word: string, document: NativeSource): void;
}

/** A workflow of whichever flow; each has only some of the steps. */
export interface NativeWorkflow {
  state(): string;
  waysOn(): string[];
  cancel(call: NativeCall): Promise<Progressed>;
  approve(rao: object, call: NativeCall): Promise<OfficerOutcome>;
  submit(request: object, evidence: NativeEvidence, video: NativeSource, call: NativeCall): Promise<Submission>;
  validate(rao: object, call: NativeCall): Promise<OfficerOutcome>;
  refuse(rao: object, reason: string, call: NativeCall): Promise<OfficerOutcome>;
  start(request: object, call: NativeCall): Promise<Started>;
  waitForUser(limits: object, inbox: NativeInbox | undefined, call: NativeCall): Promise<Progressed>;
  waitForOperator(limits: object, inbox: NativeInbox | undefined, call: NativeCall): Promise<Progressed>;
  complete(update: object | undefined, documents: NativeDocuments, call: NativeCall): Promise<Progressed>;
  submitDocuments(request: object, documents: NativeDocuments, call: NativeCall): Promise<Submission>;
  papers(raoId: string, call: NativeCall): Promise<OfficerOutcome>;
}

/** The client of the One-Shot API. */
export interface NativeOneShot {
  close(): void;
}

/** A workflow of the One-Shot API, of either flow; each has only some of the first steps. */
export interface NativeOneShotWorkflow {
  state(): string;
  submit(videoid: object, evidence: NativeEvidence, video: NativeSource, call: NativeCall): Promise<OneShotOutcome>;
  start(videoid: object, call: NativeCall): Promise<OneShotStarted>;
  waitForUser(limits: object, inbox: NativeInbox | undefined, call: NativeCall): Promise<OneShotOutcome>;
  look(call: NativeCall): Promise<OneShotOutcome>;
  adopt(handle: object, call: NativeCall): Promise<void>;
  createAnew(call: NativeCall): Promise<void>;
  validate(rao: object, call: NativeCall): Promise<OneShotOutcome>;
  approve(rao: object, call: NativeCall): Promise<OneShotOutcome>;
  refuse(rao: object, reason: string, call: NativeCall): Promise<OneShotOutcome>;
  documents(documents: NativeSource[], call: NativeCall): Promise<OneShotOutcome>;
  contract(path: string, call: NativeCall): Promise<DownloadedFile>;
  contractShown(call: NativeCall): Promise<void>;
  otp(deliveryMethod: string | undefined, call: NativeCall): Promise<Otp>;
  sign(signing: object, call: NativeCall): Promise<OneShotOutcome>;
  save(folder: string, call: NativeCall): Promise<SavedDocuments>;
  delete(folder: string, call: NativeCall): Promise<OneShotOutcome>;
  cancel(call: NativeCall): Promise<void>;
}

/** What the addon exports, as far as it is not called by a computed name. */
export interface Native {
  version(): string;
  statusNextSteps(status: string): string[];
  statusIsFinal(status: string): boolean;
  statusWaysOn(status: string, flow: string): string[];
  profiles(): Profile[];
  profile(name: string): Profile | null | undefined;
  checkRequest(request: object, flow: string): RequestReport;
  parseWebhook(body: Uint8Array): Webhook;
  configFromEnv(): RaConfig;
  oneShotConfigFromEnv(): OneShotConfig;
  checkVideo(source: NativeSource, limits: object | undefined, call: NativeCall): Promise<VideoInfo>;
  NativeCall: new (timeoutMs: number | undefined, progress: ((sent: number, total: number) => void) | undefined) => NativeCall;
  NativeSource: {
    path(path: string): NativeSource;
    bytes(bytes: Uint8Array, copy: boolean): NativeSource;
    channel(length: number): NativeSource;
    reopened(length: number, open: (feed: NativeFeed) => void): NativeSource;
  };
  NativeEvidenceBuilder: new (parts: object) => NativeEvidenceBuilder;
  NativeBundle: {
    save(folder: string, evidence: NativeEvidence, video: NativeSource | undefined, call: NativeCall): Promise<BundleManifest>;
    load(folder: string, call: NativeCall): Promise<NativeBundle>;
  };
  NativeClient: new (config: object, hook: ((event: HookEvent | null) => void) | undefined) => NativeClient;
  NativeRequests: new (client: NativeClient, filter: object, call: NativeCall) => NativePages<Request>;
  NativeScratchcards: new (client: NativeClient, filter: object, call: NativeCall) => NativePages<Scratchcard>;
  NativeInbox: new () => NativeInbox;
  NativeDocuments: new () => NativeDocuments;
  NativeWorkflow: new (
    flow: string,
    client: NativeClient,
    state: string | undefined,
    store: ((state: string) => Promise<void>) | undefined,
    onEvent: ((event: WorkflowEvent | null) => void) | undefined,
  ) => NativeWorkflow;
  NativeOneShot: new (config: object, hook: ((event: HookEvent | null) => void) | undefined) => NativeOneShot;
  NativeOneShotWorkflow: new (
    flow: string,
    client: NativeOneShot,
    state: string | undefined,
    store: ((state: string) => Promise<void>) | undefined,
    onEvent: ((event: WorkflowEvent | null) => void) | undefined,
  ) => NativeOneShotWorkflow;
}

/** The addon of this platform. */
export const native = loaded as Native;
