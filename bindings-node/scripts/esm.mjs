// Writes the entries for `import`: they name what the CommonJS build exports, so that both have the same classes.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');

/** The names that a file of the CommonJS build exports. */
function exported(file, names = new Set()) {
  const text = readFileSync(resolve(dist, file), 'utf8');
  for (const [, name] of text.matchAll(/^exports\.(\w+) = /gm)) names.add(name);
  for (const [, list] of text.matchAll(/^((?:exports\.\w+ = )+)void 0;$/gm)) for (const [, name] of list.matchAll(/exports\.(\w+)/g)) names.add(name);
  for (const [, name] of text.matchAll(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable/gm)) names.add(name);
  for (const [, star] of text.matchAll(/^__exportStar\(require\("(\.[^"]+)"\)/gm)) exported(star.replace('./', `${dirname(file)}/`), names);
  names.delete('__esModule');
  return names;
}

for (const [entry, least] of [['index', 10], ['sandbox', 2]]) {
  const names = exported(`${entry}.js`);
  if (names.size < least) throw new Error(`the names of ${entry}.js were not understood`);
  const list = [...names].sort().join(',\n  ');
  writeFileSync(resolve(dist, `${entry}.mjs`), `import videoid from './${entry}.js';\n\nexport const {\n  ${list},\n} = videoid;\n`);
  writeFileSync(resolve(dist, `${entry}.d.mts`), `export * from './${entry}.js';\n`);
}
