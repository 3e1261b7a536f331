import type { RegistrationAuthority } from './client.js';
import type { DocumentType } from './generated/enums.js';
import type { NewRequest, OfficerOutcome, Submission } from './generated/models.js';
import type { RequestOptions } from './options.js';
import { convert, dress, toNative } from './shape.js';
import type { SourceInput } from './source.js';
import { Workflow, toDocuments, type WorkflowOptions } from './workflow.js';

/** A document of a classic request: a side of the identity document, the holder with it, or a further one. */
export interface ClassicDocument {
  /** Which document it is. */
  documentType: DocumentType;
  /** The file: JPEG or PNG, a further document also PDF. It is looked at before it is sent, so it cannot be a stream. */
  document: SourceInput;
}

/** Classic: an officer identifies the person face to face, the documents are uploaded, and the request is approved. */
export class ClassicRequest extends Workflow {
  /** A new workflow; with `state`, the one that it is of. */
  constructor(client: RegistrationAuthority, options: WorkflowOptions = {}, state?: string) {
    super('classic', client, options, state);
  }

  /**
   * Takes a card, creates the request with `paperless_mode` 1 and uploads the documents. The request is CREATED then. Progress counts
   * each upload from zero.
   *
   * May be called again after an error: what was done is not done twice, and a document that is there is not uploaded again. Rejects
   * with `no_scratchcard`, those of images for a document, `body_not_repeatable` for a stream, `unexpected_status` for a request that
   * was cancelled, and those of the calls.
   */
  async submit(request: NewRequest, documents: readonly ClassicDocument[], options?: RequestOptions): Promise<Submission> {
    const data = toNative('NewRequest', request);
    const files = toDocuments(documents, 'documentType');
    return dress('Submission', await this.step(options, (flow, call) => flow.submitDocuments(data, files, call)));
  }

  /**
   * Fetches declaration and contract, to be shown to the officer before `approve`. Gives neither where the request is ENROLLREADY
   * already. Taken as safe to repeat: see ASSUMPTIONS.md.
   */
  async papers(raoId: string, options?: RequestOptions): Promise<OfficerOutcome> {
    const rao = convert('text', raoId, 'rao_id') as string;
    return dress('OfficerOutcome', await this.step(options, (flow, call) => flow.papers(rao, call)));
  }
}
