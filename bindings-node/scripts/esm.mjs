// Writes the entry for `import`: it names what the CommonJS build exports, so that both have the same classes.

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const dist = resolve(dirname(fileURLToPath(import.meta.url)), '../dist');
const names = new Set();
const own = (file) => {
  const text = readFileSync(resolve(dist, file), 'utf8');
  for (const [, name] of text.matchAll(/^exports\.(\w+) = /gm)) names.add(name);
  for (const [, list] of text.matchAll(/^((?:exports\.\w+ = )+)void 0;$/gm)) for (const [, name] of list.matchAll(/exports\.(\w+)/g)) names.add(name);
  for (const [, name] of text.matchAll(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable/gm)) names.add(name);
  for (const [, star] of text.matchAll(/^__exportStar\(require\("(\.[^"]+)"\)/gm)) own(star.replace('./', `${dirname(file)}/`));
};
own('index.js');
if (names.size < 10) throw new Error('the names of the CommonJS build were not understood');
const list = [...names].filter((name) => name !== '__esModule').sort().join(',\n  ');
writeFileSync(resolve(dist, 'index.mjs'), `import videoid from './index.js';\n\nexport const {\n  ${list},\n} = videoid;\n`);
writeFileSync(resolve(dist, 'index.d.mts'), "export * from './index.js';\n");
