import type { BundleManifest, EvidenceReport, HookEvent, OfficerOutcome, RaConfig, Submission, VideoInfo, WorkflowEvent } from './generated/models.js';
import type { Acceptance, OcrData, SecurityChecks } from './generated/models.js';
import type { SimilarityLevel } from './json.js';
import loaded = require('#native');

/** One call: its options, and the handle that cancels it. */
export interface NativeCall {
  cancel(): void;
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

export type NativeClient = { close(): void } & Record<string, (...args: unknown[]) => Promise<object>>;

export interface NativeWorkflow {
  state(): string;
  submit(request: object, evidence: NativeEvidence, video: NativeSource, call: NativeCall): Promise<Submission>;
  validate(rao: object, call: NativeCall): Promise<OfficerOutcome>;
  approve(rao: object, call: NativeCall): Promise<OfficerOutcome>;
  refuse(rao: object, reason: string, call: NativeCall): Promise<OfficerOutcome>;
}

/** What the addon exports, as far as it is not called by a computed name. */
export interface Native {
  version(): string;
  statusNextSteps(status: string): string[];
  statusIsFinal(status: string): boolean;
  configFromEnv(): RaConfig;
  checkVideo(source: NativeSource, limits: object | undefined, call: NativeCall): Promise<VideoInfo>;
  NativeCall: new (timeoutMs: number | undefined, progress: ((sent: number, total: number) => void) | undefined) => NativeCall;
  NativeSource: {
    path(path: string): NativeSource;
    bytes(bytes: Uint8Array, copy: boolean): NativeSource;
    channel(length: number): NativeSource;
  };
  NativeEvidenceBuilder: new (parts: object) => NativeEvidenceBuilder;
  NativeBundle: {
    save(folder: string, evidence: NativeEvidence, video: NativeSource | undefined, call: NativeCall): Promise<BundleManifest>;
    load(folder: string, call: NativeCall): Promise<NativeBundle>;
  };
  NativeClient: new (config: object, hook: ((event: HookEvent | null) => void) | undefined) => NativeClient;
  NativeWorkflow: new (
    client: NativeClient,
    state: string | undefined,
    store: ((state: string) => Promise<void>) | undefined,
    onEvent: ((event: WorkflowEvent | null) => void) | undefined,
  ) => NativeWorkflow;
}

/** The addon of this platform. */
export const native = loaded as Native;
