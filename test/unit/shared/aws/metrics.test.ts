import { parseEmf } from '../../../../local/cloudwatch/emf.ts';
import { emfCounter } from '../../../../shared/aws/metrics.ts';
import { METRICS, metricNamespace } from '../../../../shared/config/metrics.ts';

const NOW_MS = Date.UTC(2026, 10, 26, 12);

test.each(METRICS)('%s is one line that CloudWatch reads as a count without dimensions (M1, M2)', (name) => {
  const lines: string[] = [];
  emfCounter(
    metricNamespace('prod'),
    () => NOW_MS,
    (line) => lines.push(line),
  )(name, 3);
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(parseEmf(lines[0]?.trim() ?? '', NOW_MS)).toEqual({
    outcome: 'metrics',
    data: [{ namespace: 'Tributary/prod', name, dimensions: {}, value: 3, unit: 'Count', atMs: NOW_MS }],
  });
});

test('what is not a number is not written: CloudWatch would drop the line without a word', () => {
  const lines: string[] = [];
  const count = emfCounter('Tributary/dev', Date.now, (line) => lines.push(line));
  count('BreakersOpened', Number.NaN);
  count('BreakersOpened', Number.POSITIVE_INFINITY);
  expect(lines).toEqual([]);
});

test('there are ten metrics at most: each is billed by the month (M2)', () => {
  expect(new Set(METRICS).size).toBe(METRICS.length);
  expect(METRICS.length).toBeLessThanOrEqual(10);
});
