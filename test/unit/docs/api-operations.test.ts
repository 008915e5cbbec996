import { existsSync, readFileSync } from 'node:fs';
import { OPERATION_PROOFS } from '../../../cli/operation-proofs.ts';
import { operationsPage } from '../../../cli/operations-page.ts';
import { handlerOf } from '../../../functions/api/handlers.ts';
import { router } from '../../../functions/api/http/router.ts';
import { OPERATIONS } from '../../../shared/api/operations.ts';
import { knownOperations } from '../../builders/public-api-client.ts';

/** One route, which the later version calls otherwise. */
const RENAMED: Readonly<Record<string, string>> = { getReverseETLSyncStatus: 'getReverseETLSyncFromModel' };

const entries = Object.entries(OPERATIONS);

test('docs/api-operations.md says what each operation comes to: run `node cli/generate-openapi.ts` after a change', () => {
  expect(readFileSync('docs/api-operations.md', 'utf8')).toBe(operationsPage());
});

test('at least 70 operations are in effect, nearly all of them of the Public API', () => {
  const inEffect = entries.filter(([, { effect }]) => effect === 'works');
  expect(inEffect.length).toBeGreaterThanOrEqual(70);
  expect(inEffect.filter(([, { stability }]) => stability !== 'own').length).toBeGreaterThanOrEqual(66);
});

test('every operation of both versions of the library is answered in one of the three ways, by its method and path', () => {
  const match = router();
  const known = knownOperations();
  expect(known).toHaveLength(207);
  const wrong = known.filter(({ id, method, path }) => {
    const found = match(method, path.replaceAll(/\{\w+\}/g, 'x'));
    return found.outcome !== 'matched' || found.id !== (RENAMED[id] ?? id);
  });
  expect(wrong).toEqual([]);
});

test('everything that is generally available in either version of the library is among them', () => {
  const missing = knownOperations().filter(({ id, isGa }) => isGa && OPERATIONS[id] === undefined);
  expect(missing).toEqual([]);
});

test('what works or is stored has a handler, and what has none says that it comes later', () => {
  const silent = entries.filter(([id, { effect }]) => (effect === 'later') === (handlerOf(id) !== undefined));
  expect(silent.map(([id]) => id)).toEqual([]);
});

test('each operation in effect names the test that sees it at work, by a file and a title that are there', () => {
  const texts = new Map<string, string>();
  const textOf = (file: string): string => {
    const text = texts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : '');
    texts.set(file, text);
    return text;
  };
  const unproven = entries.filter(([id, { effect }]) => {
    if (effect === 'later') return false;
    const proof = OPERATION_PROOFS[id];
    return proof === undefined || !textOf(proof.file).includes(proof.title);
  });
  expect(unproven.map(([id]) => id)).toEqual([]);
  expect(Object.keys(OPERATION_PROOFS).filter((id) => OPERATIONS[id] === undefined)).toEqual([]);
});
