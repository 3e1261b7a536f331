// How an expected value of a scenario is compared with what came.

const kinds = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  present: (value) => value !== undefined && value !== null,
  absent: (value) => value === undefined || value === null,
};

/** What differs, as lines of text; empty where the expected value is a subset of the actual one. */
export function differences(expected, actual, path = '') {
  const here = path === '' ? '(all)' : path;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return [`${here}: expected an array, got ${show(actual)}`];
    if (expected.length !== actual.length) return [`${here}: expected ${expected.length} elements, got ${actual.length}: ${show(actual)}`];
    return expected.flatMap((item, index) => differences(item, actual[index], `${path}/${index}`));
  }
  if (typeof expected === 'object' && expected !== null) {
    const keys = Object.keys(expected);
    if (keys.length === 1 && keys[0] === '$type') {
      const kind = kinds[expected.$type];
      if (!kind) return [`${here}: no such $type: ${expected.$type}`];
      return kind(actual) ? [] : [`${here}: expected ${expected.$type}, got ${show(actual)}`];
    }
    if (keys.length === 1 && keys[0] === '$match') {
      return typeof actual === 'string' && new RegExp(expected.$match, 'u').test(actual) ? [] : [`${here}: expected a match of ${expected.$match}, got ${show(actual)}`];
    }
    if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return [`${here}: expected an object, got ${show(actual)}`];
    return keys.flatMap((key) => differences(expected[key], actual[key], `${path}/${key}`));
  }
  return Object.is(expected, actual) || (expected === null && actual === undefined) ? [] : [`${here}: expected ${show(expected)}, got ${show(actual)}`];
}

function show(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** What a JSON pointer names. */
export function pointer(value, path) {
  if (path === '') return value;
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((at, part) => at?.[part], value);
}
