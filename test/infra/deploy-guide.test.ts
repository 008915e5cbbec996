import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FUNCTION_LIMITS } from '../../infra/function-limits.ts';
import { readSettings } from '../../infra/settings.ts';
import { shareConcurrency } from '../../infra/share-concurrency.ts';
import { resourcesOf, templatesOf } from '../builders/templates.ts';

const guide = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'deploy.md'), 'utf8');
const all = resourcesOf(templatesOf());
const countOf = (type: string, part?: string) =>
  all.filter((resource) => resource.Type === type && (part === undefined || resource.part === part)).length;
const cells = (row: string) =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
const dollars = (text: string | undefined) => Number(/\d+\.\d\d/.exec(text ?? '')?.[0]);
/** us-east-1: a request of SQS, an alarm's month (reference in docs/deploy.md). */
const RECEIVE_USD = 0.4 / 1e6;
const ALARM_USD = 0.1;
const RECEIVES_A_MONTH = 5 * 3 * 43_200;

test('every setting is in the table with its default', () => {
  const [settings = ''] = /^### Settings$[\s\S]*?^###? /m.exec(guide) ?? [];
  const table = new Map(
    [...settings.matchAll(/^\| `([^|]+)`\s+\| ([^|]+?)\s+\|/gm)].flatMap(([, names = '', byDefault = '']) =>
      names.split('`, `').map((name) => [name, byDefault.replaceAll('`', '')] as const),
    ),
  );
  for (const [name, value] of Object.entries(readSettings({}))) {
    expect([name, table.get(name)]).toEqual([name, Array.isArray(value) ? 'none' : String(value)]);
  }
});

test('the table of concurrency is what the synth does', () => {
  const rows = [...guide.matchAll(/^\| [\d,]+ \| \d+ \| .*\|$/gm)].map(([row]) => cells(row));
  expect(rows.length).toBeGreaterThan(2);
  for (const [quota = '', lanes = '', ...shares] of rows) {
    const { route, lane, sharedLane, archive, deadLetters } = shareConcurrency(
      Number(quota.replace(',', '')),
      Number(lanes),
    );
    const together = route + Number(lanes) * lane + sharedLane + archive + 2 * deadLetters;
    const each = lane === 0 ? '' : String(lane);
    expect(shares).toEqual([route, each, sharedLane, archive, `2 × ${deadLetters}`, together].map(String));
  }
});

test('what is deployed and what is paid for when idle are counted', () => {
  const mappings = countOf('AWS::Lambda::EventSourceMapping');
  const alarms = countOf('AWS::CloudWatch::Alarm');
  expect(guide).toContain(`${mappings} event source mappings`);
  expect(guide).toContain(`${countOf('AWS::CloudWatch::Alarm', 'Data')} alarms |`);
  expect(guide).toContain(`${countOf('AWS::SQS::Queue', 'Data') - 3} queues (16 of them lanes)`);
  expect(guide).toContain(`| alarms | ${alarms} × $0.10 | ${(alarms * ALARM_USD).toFixed(2)} `);
  const receives = mappings * RECEIVES_A_MONTH;
  expect(guide).toContain(
    `${mappings} mappings × 5 pollers × 3 receives a minute × 43,200 min = ${receives.toLocaleString('en-US')}`,
  );
  expect(guide).toContain(`| ${(receives * RECEIVE_USD).toFixed(2)} (`);
  expect(Object.keys(FUNCTION_LIMITS)).toHaveLength(13);
  expect(guide).toContain('templates, thirteen bundles');
});

test('the sum of the idle costs is the sum', () => {
  const [table = ''] = /\| item \| arithmetic[\s\S]*?\*\*\S+ \(\S+\)\*\* \|/.exec(guide) ?? [];
  const rows = table.split('\n').slice(2).map(cells);
  const [last] = rows.splice(-1);
  const sum = rows.reduce((total, row) => total + dollars(row[2]), 0);
  expect(rows.length).toBeGreaterThan(4);
  expect(dollars(last?.[2])).toBeCloseTo(sum, 2);
});
