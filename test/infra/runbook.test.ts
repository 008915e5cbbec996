import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourcesOf, templatesOf } from '../builders/templates.ts';

const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
/** Headings as the anchors that a reader's browser makes of them. */
const anchors = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-'),
);
const texts = resourcesOf(templatesOf(), 'AWS::CloudWatch::Alarm').map(
  ({ id, Properties }) => [id, String(Properties['AlarmDescription'])] as const,
);

test.each(texts)('%s says what is lost or late, and links a heading of the runbook that is there', (_id, text) => {
  const [, impact, anchor] = /^(.{30,}\.) Runbook: docs\/runbook\.md#([a-z0-9-]+)$/.exec(text) ?? [];
  expect(impact).toMatch(/lost|lose|lack|late|lag|do not answer/);
  expect(anchors).toContain(anchor);
});

test('the runbook has one heading for each alarm and no other', () => {
  // All lanes have the same one.
  const linked = new Set(texts.map(([, text]) => text.split('#')[1] ?? ''));
  expect([...linked].toSorted()).toEqual(anchors.toSorted());
});

test.each(anchors)('%s says what fires it, what is lost, where to look and what to do', (anchor) => {
  const section = runbook.split(/^## /m)[anchors.indexOf(anchor) + 1] ?? '';
  for (const part of ['**Fires**', '**Lost**', '**Look at**', '**Do**']) expect(section).toContain(part);
});
