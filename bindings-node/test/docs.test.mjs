// Every public thing says what it is: what is exported, and the members of what is exported.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import { REPO } from './lib/sandbox.mjs';

const here = join(REPO, 'bindings-node');
// The compiler that the checker of packages brings: the package's own has no interface for programs.
const ts = createRequire(createRequire(import.meta.url).resolve('@arethetypeswrong/core'))('typescript');

const ENTRIES = ['index.d.ts', 'sandbox.d.ts'];
/** A table of all models by their names, which has nothing to say of each. */
const TABLE = 'Models';

/** The names of what has no documentation in the types of an entry, and how many things were looked at. */
function undocumented(program, path) {
  const checker = program.getTypeChecker();
  const found = [];
  let seen = 0;
  const look = (symbol, name) => {
    seen += 1;
    if (symbol.getDocumentationComment(checker).length === 0) found.push(name);
  };
  for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)))) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    look(symbol, exported.name);
    for (const declaration of exported.name === TABLE ? [] : (symbol.declarations ?? [])) {
      if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) continue;
      for (const member of declaration.members) {
        const name = member.name?.getText() ?? 'constructor';
        const hidden = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private || name.startsWith('#');
        if (hidden) continue;
        seen += 1;
        if (ts.getJSDocCommentsAndTags(member).length === 0) found.push(`${exported.name}.${name}`);
      }
    }
  }
  return { found, seen };
}

test('every public thing is documented', () => {
  const paths = ENTRIES.map((file) => join(here, 'dist', file));
  const { ES2022: target } = ts.ScriptTarget;
  const program = ts.createProgram(paths, { strict: true, noEmit: true, target, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: [] });
  for (const [at, least] of [500, 20].entries()) {
    const { found, seen } = undocumented(program, paths[at]);
    assert.ok(seen > least, `${seen} things in ${paths[at]}`);
    assert.deepEqual(found, [], ENTRIES[at]);
  }
});
