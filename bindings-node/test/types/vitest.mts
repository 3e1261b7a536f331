// The helper for tests takes the functions of Vitest by its own types.

import { afterAll, beforeAll, beforeEach } from 'vitest';
import { useSandbox, type Sandbox } from 'videoid/sandbox';

/** The hooks of Vitest fit as they are. */
export const sandbox: () => Sandbox = useSandbox({ beforeAll, beforeEach, afterAll });
