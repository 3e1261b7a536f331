import type { Flow, Status, WayOn } from './generated/enums.js';
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

/**
 * What can be done for a request of that flow that stands in this status and does not go ahead, the least costly first. Advice: which
 * way the service takes is not documented. Empty where nothing is to be done and for an unknown status.
 */
export function waysOn(status: Status, flow: Flow): WayOn[] {
  return native.statusWaysOn(convert('text', status, 'status') as string, convert('text', flow, 'flow') as string);
}
