/**
 * Remote video identification on the Namirial / Uanataca PKIaaS APIs: evidence, uploads and the officer's steps.
 *
 * @packageDocumentation
 */

import { native } from './native.js';

export { Bundle } from './bundle.js';
export { ClassicRequest, type ClassicDocument } from './classic.js';
export { RegistrationAuthority, type ClientOptions } from './client.js';
export { EidasVideoId, type Completion, type EvidenceDocument } from './eidas.js';
export { AbortError, VideoIdError, type FieldIssue } from './errors.js';
export { Evidence, checkVideo, type CheckVideoOptions, type EvidenceInput, type LocalOptions } from './evidence.js';
export { ExternalVideoId } from './external.js';
export * from './generated/enums.js';
export { ERROR_CODES, type ErrorCategory, type ErrorCode, type Wire } from './generated/error-codes.js';
export type * from './generated/ids.js';
export type * from './generated/models.js';
export * from './generated/one-shot-operations.js';
export * from './generated/operations.js';
export type { ModelName, Models } from './generated/shapes.js';
export type { JsonObject, JsonValue, SimilarityLevel } from './json.js';
export { OneShot } from './one-shot.js';
export { OneShotEidas } from './one-shot-eidas.js';
export { OneShotExternal } from './one-shot-external.js';
export type { OneShotWorkflow } from './one-shot-workflow.js';
export type { RequestOptions } from './options.js';
export { checkRequest, profile, profiles } from './profiles.js';
export { Source, type SourceInput, type StreamSource } from './source.js';
export { isFinal, nextSteps, waysOn } from './status.js';
export { WebhookInbox, parseWebhook, type WaitOptions, type WebhookBody } from './webhook.js';
export { fromWire, toWire } from './wire.js';
export type { Workflow, WorkflowOptions } from './workflow.js';

/** The version of the package. */
export const VERSION: string = native.version();
