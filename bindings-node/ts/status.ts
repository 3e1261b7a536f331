import type { Status } from './generated/enums.js';
import { native } from './native.js';
import { convert } from './shape.js';

/** The operations that the documents allow next, by their names on the wire's side. Advice: the server decides. Empty for an unknown status. */
export function nextSteps(status: Status): string[] {
  return native.statusNextSteps(convert('text', status, 'status') as string);
}

/** Whether nothing more is to be done by the registration authority for a request in that status. */
export function isFinal(status: Status): boolean {
  return native.statusIsFinal(convert('text', status, 'status') as string);
}
