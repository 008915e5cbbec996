import type { Effect, Operation } from '../shared/api/operation.ts';
import { OPERATIONS } from '../shared/api/operations.ts';
import { OPERATION_PROOFS } from './operation-proofs.ts';

type Entry = { id: string; operation: Operation };

/** docs/api-operations.md: what each operation comes to, from the operations themselves. */
export function operationsPage(operations: Readonly<Record<string, Operation>> = OPERATIONS): string {
  const entries = Object.entries(operations).map(([id, operation]) => ({ id, operation }));
  const of = (effect: Effect) => entries.filter(({ operation }) => operation.effect === effect);
  const [works, stored, later] = [of('works'), of('stored'), of('later')];
  const segments = (some: readonly Entry[]) => some.filter(({ operation }) => operation.stability !== 'own').length;
  return `# Operations of the API

Written by \`node cli/generate-openapi.ts\` from [the operations](../shared/api/operations.ts); a test compares. Their shapes are in [openapi.json](openapi.json),
and the reference page that each deployment serves is at \`/docs\`.

| | of Segment's Public API | of our own, under \`/app-api\` | in all |
| --- | --- | --- | --- |
${[
  ['[In effect](#in-effect)', works] as const,
  ['[Stored](#stored)', stored] as const,
  ['[Not offered](#not-offered)', later] as const,
]
  .map(([name, some]) => `| ${name} | ${segments(some)} | ${some.length - segments(some)} | ${some.length} |`)
  .join('\n')}

## In effect

What they change is obeyed by the pipeline, by rights or by another route's answer. The test that sees it:

| operation | | test |
| --- | --- | --- |
${works.map((entry) => `| ${nameOf(entry)} | ${routeOf(entry)} | ${proofOf(entry.id)} |`).join('\n')}

## Stored

Checked, kept and answered as they were sent, with their rights and the audit trail; nothing obeys them until governance is built, and the app does not show
them.

| operation | | test |
| --- | --- | --- |
${stored.map((entry) => `| ${nameOf(entry)} | ${routeOf(entry)} | ${proofOf(entry.id)} |`).join('\n')}

## Not offered

Known, so that a client library gets an answer that it understands: 501 with \`not-implemented\`, to who has the right.

| operation | | waits for |
| --- | --- | --- |
${later.map((entry) => `| ${nameOf(entry)} | ${routeOf(entry)} | ${waitsFor(entry.operation)} |`).join('\n')}
`;
}

const nameOf = ({ id, operation: { stability } }: Entry): string =>
  `\`${id}\`${stability === 'alpha' || stability === 'beta' ? ` (${stability})` : ''}`;
const routeOf = ({ operation: { method, path } }: Entry): string => `\`${method} ${path}\``;

function proofOf(id: string): string {
  const proof = OPERATION_PROOFS[id];
  return proof === undefined ? '' : `[${proof.title}](../${proof.file})`;
}

const waitsFor = ({ issue, summary = '', tag }: Operation): string => {
  if (issue !== undefined) return `issue ${issue}, observability`;
  const [, part] = /^Comes with (\w+)/.exec(summary) ?? [];
  return (
    part ??
    (tag === 'Deletion and Suppression' ? 'governance' : summary.replace(/ are not offered yet\.$/, '').toLowerCase())
  );
};
