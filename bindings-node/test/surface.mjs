// Prints what the built package exposes, as tests/README.md describes it, for the parity check:
//
//   node test/surface.mjs > ../target/surface/node.json
//
// Everything is read from what is there: the classes, an error, the table of models, and what a call looks at in its options.

import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as videoid from 'videoid';

const require = createRequire(import.meta.url);

/** The folder of the built package. */
export const dist = dirname(require.resolve('videoid'));

// Belongs to every error in JavaScript.
const OF_ANY_ERROR = ['name', 'message', 'stack', 'cause'];
// Belongs to a client and is no call. `perform` is protected.
const MANNERS = ['constructor', 'close', 'perform'];

const names = (object) => Reflect.ownKeys(object).filter((name) => typeof name === 'string');

/** The methods of a client and of what it extends. */
function operations(Client) {
  const found = new Set();
  for (let at = Client.prototype; at !== Object.prototype; at = Object.getPrototypeOf(at)) for (const name of names(at)) found.add(name);
  for (const name of [...MANNERS, 'toJSON']) found.delete(name);
  return [...found].sort();
}

/** The methods and accessors of every class, those that it inherits too. */
function methods() {
  const classes = Object.entries(videoid).filter(([, value]) => typeof value === 'function' && value.prototype !== undefined);
  const all = (prototype) => (prototype === Object.prototype || prototype === null ? [] : [...names(prototype), ...all(Object.getPrototypeOf(prototype))]);
  return Object.fromEntries(classes.map(([name, value]) => [name, [...new Set(all(value.prototype))].filter((method) => method !== 'constructor').sort()]).sort());
}

/** What calls read from their options: the names that calls of both kinds look at. */
async function options() {
  const client = new videoid.RegistrationAuthority({ environment: 'custom', apiUrl: 'http://127.0.0.1:9/api/v1', uploadUrl: 'http://127.0.0.1:9', registrationAuthority: '121' });
  const read = async (start) => {
    const seen = new Set();
    const watched = new Proxy({}, {
      get(_, name) {
        seen.add(name);
        return name === 'signal' ? AbortSignal.abort() : undefined;
      },
    });
    await start(watched).catch((error) => {
      if (!(error instanceof videoid.AbortError)) throw error;
    });
    return seen;
  };
  const [card, request] = [await read((watched) => client.getFirstUnusedScratchcard(watched)), await read((watched) => client.getRequest(1, watched))];
  return [...card.intersection?.(request) ?? [...card].filter((name) => request.has(name))].sort();
}

/** Every property that an error can have. */
function attributes() {
  const full = { message: 'm', operation: 'o', httpStatus: 1, serverCode: 'c', serverId: 'i', serverText: 't', retryAfter: 1, correlationId: 'c', retryable: true, wire: 'answered', fields: [], causes: [] };
  const error = new videoid.VideoIdError({ ...full, code: 'rejected', category: 'api', detail: 'd' });
  return names(error).filter((name) => !OF_ANY_ERROR.includes(name)).sort();
}

/** The models with their fields. */
export function models() {
  // Not for users, so not among the exports; but it is what the package converts by.
  const { SHAPES } = require(join(dist, 'generated/shapes.js'));
  return Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, Object.keys(shape).sort()]).sort());
}

export async function surface() {
  return {
    operations: operations(videoid.RegistrationAuthority),
    one_shot_operations: operations(videoid.OneShot),
    options: await options(),
    models: models(),
    errors: {
      codes: Object.keys(videoid.ERROR_CODES).sort(),
      categories: [...new Set(Object.values(videoid.ERROR_CODES).map(({ category }) => category))].sort(),
      attributes: attributes(),
    },
    methods: methods(),
    classes: Object.keys(videoid).sort(),
  };
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await surface(), undefined, 1));
}
