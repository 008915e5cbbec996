import { METRICS } from '../../shared/config/metrics.ts';
import { FUNCTION_LIMITS } from '../../infra/function-limits.ts';
import { resourcesOf, templatesOf } from '../builders/templates.ts';

/** What CloudWatch shows of one dashboard without charge; three dashboards are. */
const FREE_METRICS = 50;
/** Behind the CDN of browsers, and deployed after the dashboard. */
const ELSEWHERE = ['cdn'];

type Widget = { type: string; properties: { title?: string; metrics?: unknown[][] } };

/** A body is text with references in it: each becomes its logical name. */
function widgetsOf(body: unknown): Widget[] {
  const parts = (body as { 'Fn::Join': [string, unknown[]] })['Fn::Join'][1];
  const text = parts
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join('');
  return (JSON.parse(text) as { widgets: Widget[] }).widgets;
}
const templates = templatesOf();
const dashboards = resourcesOf(templates, 'AWS::CloudWatch::Dashboard').map(({ Properties }) => ({
  name: String(Properties['DashboardName']),
  widgets: widgetsOf(Properties['DashboardBody']),
}));
const metricsOf = (title: RegExp): unknown[][] =>
  dashboards.flatMap(({ widgets }) =>
    widgets
      .filter(({ properties }) => title.test(properties.title ?? ''))
      .flatMap(({ properties }) => properties.metrics ?? []),
  );
const labelsOf = (title: RegExp): unknown[] =>
  metricsOf(title).map((metric) => (metric.at(-1) as { label?: string }).label);

test('there are two dashboards of a stage, and CloudWatch bills neither', () => {
  expect(dashboards.map(({ name }) => name)).toEqual(['Tributary-dev', 'Tributary-dev-functions']);
  for (const { widgets } of dashboards) {
    expect(widgets.flatMap(({ properties }) => properties.metrics ?? []).length).toBeLessThanOrEqual(FREE_METRICS);
  }
});

test.each([['Errors'], ['Throttles'], ['Duration']])('%s are shown of each function', (title) => {
  const names = labelsOf(new RegExp(`^${title}`)).map(String);
  const all = Object.keys(FUNCTION_LIMITS).filter((name) => !ELSEWHERE.includes(name));
  expect(names.toSorted()).toEqual(all.toSorted());
});

test('the age of each queue that holds events is shown, of every lane too', () => {
  const lanes = Array.from({ length: 16 }, (_, number) => `lane ${number}`);
  expect(labelsOf(/^Age of the oldest/)).toEqual(['intake', 'archive', 'shared lane', ...lanes]);
});

test('every dead-letter queue is shown', () => {
  const queues = resourcesOf(templates, 'AWS::SQS::Queue').filter(({ id }) => /DeadLetters|Missed/.test(id));
  expect(metricsOf(/nobody could finish/)).toHaveLength(queues.length);
});

test('what we count ourselves is shown', () => {
  expect(metricsOf(/Counted by ourselves/).map(([, name]) => name)).toEqual([...METRICS]);
});
