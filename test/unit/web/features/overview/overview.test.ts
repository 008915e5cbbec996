import { anOverview } from '../../../../builders/an-overview.ts';
import { actorWords, changeWords, thingWords } from '../../../../../web/src/features/overview/changes.ts';
import { stepsOf } from '../../../../../web/src/features/overview/checklist.ts';
import { FAVOURITES_MAX, idsIn, toggled } from '../../../../../web/src/features/overview/favourite-ids.ts';
import { filterWords } from '../../../../../web/src/features/overview/filter-words.ts';
import { byConnection, bySource, flowOf, problemsOf } from '../../../../../web/src/features/overview/flow.ts';
import { tilesOf } from '../../../../../web/src/features/overview/kpi.ts';
import { withRates } from '../../../../../web/src/features/overview/rates.ts';

const OLD = '2026-01-01T00:00:00.000Z';
const tile = (overview: ReturnType<typeof anOverview>, id: string, createdAt = OLD) =>
  tilesOf(overview, createdAt).find((one) => one.id === id);
const before = {
  from: '2026-11-26T08:00:00.000Z',
  to: '2026-11-26T09:00:00.000Z',
  received: 500,
  delivered: 400,
  failed: 100,
  p95Ms: 50,
};

describe('tiles', () => {
  test('say what came, what was delivered, what fails and how long it takes', () => {
    const all = tilesOf(anOverview(), OLD).map(({ id, value, about }) => [id, value, about]);
    expect(all).toEqual([
      ['received', '600', '10 per minute'],
      ['delivered', '100%', 'all 600 sends'],
      ['failing', '0', 'everything works'],
      ['latency', '100 ms', 'receipt to the tool’s answer'],
    ]);
  });

  test('never call a share all that is not all, and say how many were lost', () => {
    const totals = { received: 2_000_000, delivered: 1_999_999, failed: 1, deliveryRate: 0.9999995 };
    const overview = anOverview({ totals });
    expect(tile(overview, 'received')).toMatchObject({ value: '2M', exactly: '2,000,000' });
    expect(tile(overview, 'delivered')).toMatchObject({ value: '>99.9%', about: '1 lost of 2M sends' });
    expect(tile(overview, 'failing')).toMatchObject({ about: '1 send lost' });
  });

  test('say that nothing was sent where nothing was, not that all was delivered', () => {
    const overview = anOverview({ totals: { received: 0, delivered: 0, p95Ms: null } });
    expect(['received', 'delivered', 'latency'].map((id) => tile(overview, id)?.about)).toEqual([
      'none in this range',
      'nothing was sent yet',
      'nothing was delivered',
    ]);
    expect(tile(overview, 'delivered')?.value).toBe('–');
  });

  test('tell change against the time before: more events are neither good nor bad, more delivered is good, slower is not', () => {
    const overview = anOverview({ before });
    expect(tile(overview, 'received')?.change).toEqual({ text: '20%', isUp: true, better: undefined });
    expect(tile(overview, 'delivered')?.change).toEqual({ text: '20.0 points', isUp: true, better: true });
    expect(tile(overview, 'latency')?.change).toEqual({ text: '100%', isUp: true, better: false });
  });

  test('compare rates, as the present step makes a range longer than the one before', () => {
    const overview = anOverview({ to: '2026-11-26T10:12:00.000Z', before: { ...before, received: 500 } });
    expect(tile(overview, 'received')?.change).toBeUndefined();
  });

  test('compare with nothing from before the workspace was there', () => {
    expect(tile(anOverview({ before }), 'received', '2026-11-26T08:30:00.000Z')?.change).toBeUndefined();
  });

  test('leave the step that has just begun out of their course', () => {
    expect(tile(anOverview(), 'received')?.values).toEqual([300, 300]);
    expect(tile(anOverview({ asOf: '2026-11-26T09:10:00.000Z' }), 'received')?.values).toEqual([300, 300, 0]);
  });

  test('count violations only where there are some', () => {
    expect(tile(anOverview(), 'violations')).toBeUndefined();
    expect(tile(anOverview({ totals: { violations: 3 } }), 'violations')).toMatchObject({ value: '3' });
  });

  test('count what is degraded beside what fails', () => {
    const degraded = { state: 'DEGRADED' } as const;
    expect(tile(anOverview({ destinations: [degraded] }), 'failing')).toMatchObject({
      value: '0',
      about: '1 degraded',
      tone: 'warn',
    });
    const failing = anOverview({ destinations: [degraded, { state: 'FAILING' }], totals: { failing: 1 } });
    expect(tile(failing, 'failing')).toMatchObject({ value: '1', about: '1 more degraded', tone: 'bad' });
  });
});

test('rates of a new workspace are over its own age, not over a range that was mostly before it', () => {
  const young = withRates(anOverview(), '2026-11-26T09:50:00.000Z');
  expect([young.sources[0]?.perMinute, young.connections[0]?.perMinute]).toEqual([60, 60]);
  const old = anOverview();
  expect(withRates(old, OLD)).toBe(old);
  expect(tile(anOverview(), 'received', '2026-11-26T09:50:00.000Z')?.about).toBe('60 per minute');
});

describe('the graph', () => {
  const overview = anOverview({
    sources: [
      { id: 'quiet', state: 'IDLE', received: 0 },
      { id: 'busy', received: 900 },
      { id: 'off', state: 'DISABLED', received: 0 },
    ],
    destinations: [
      { id: 'works', from: 'busy' },
      { id: 'fails', from: 'busy', state: 'FAILING' },
      { id: 'rests', from: 'quiet', state: 'IDLE' },
      { id: 'paused', from: 'busy', state: 'DISABLED', paused: true },
      { id: 'cut', from: 'off', state: 'IDLE' },
    ],
  });
  const ids = (shown: 'all' | 'active' | 'problems') => {
    const { sources, destinations, connections } = flowOf(overview, shown);
    return [sources.map(({ id }) => id), destinations.map(({ id }) => id), connections.length];
  };

  test('shows the busiest source first, and what is paused or fed by nothing as such', () => {
    expect(ids('all')).toEqual([['busy', 'quiet', 'off'], ['works', 'fails', 'rests', 'paused', 'cut'], 5]);
    expect(flowOf(overview, 'all').connections.map(({ paused }) => paused)).toEqual([false, false, false, true, true]);
  });

  test('narrowed to what is active, or to problems, keeps what these are connected with', () => {
    expect(ids('active')).toEqual([['busy'], ['works', 'fails'], 2]);
    expect(ids('problems')).toEqual([['busy'], ['fails'], 1]);
    expect(problemsOf(overview)).toBe(1);
  });

  test('lists go from high to low, without what has no part in them', () => {
    expect(bySource(overview).map(({ id, value }) => [id, value])).toEqual([['busy', 900]]);
    const failing = anOverview({
      destinations: [{ flow: { failedShare: 0.1 } }, { flow: { failedShare: 0 } }, { flow: { failedShare: 0.9 } }],
    });
    const ranked = byConnection(failing, ({ failedShare }) => failedShare);
    expect(ranked.map(({ id, value }) => [id, value])).toEqual([
      ['dst_2', 0.9],
      ['dst_0', 0.1],
    ]);
  });
});

describe('the checklist', () => {
  const state = (overview: ReturnType<typeof anOverview>, wasDelivered = false) =>
    stepsOf(overview, wasDelivered).map(({ id, isDone, to }) => `${id} ${isDone ? 'done' : (to ?? 'later')}`);

  test.each([
    [{ sources: [], destinations: [] }, ['source /sources/new', 'event later', 'destination later', 'delivery later']],
    [
      { sources: [{ lastSeenAt: null }], destinations: [] },
      ['source done', 'event /sources/src_0/install', 'destination /destinations/new', 'delivery later'],
    ],
    [
      { destinations: [{ flow: { delivered: 0 } }] },
      ['source done', 'event done', 'destination done', 'delivery /destinations/dst_0/delivery'],
    ],
    [{}, ['source done', 'event done', 'destination done', 'delivery done']],
  ])('%#: goes from a source to a delivered event, each step once it can be gone', (over, steps) => {
    expect(state(anOverview(over))).toEqual(steps);
  });

  test('knows what was delivered before the range', () => {
    expect(state(anOverview({ destinations: [{ flow: { delivered: 0 } }] }), true)[3]).toBe('delivery done');
  });
});

describe('recent changes', () => {
  test.each([
    ['Source Created', 'created the source'],
    ['Integration Modified', 'changed the destination'],
    ['Destination Subscription Deleted', 'deleted the mapping'],
    ['Destination Filter Enabled', 'enabled the filter'],
    ['Write Key Created', 'created a write key of'],
    ['User Invited Again', 'invited again'],
    ['User Added', 'added'],
    ['Event Tester Used', 'sent a test event to'],
    ['Something Else Happened', 'Something Else Happened:'],
  ])('%s is told as "%s"', (event, words) => {
    expect(changeWords(event)).toBe(words);
  });

  const event = (name: string, type: string, more = {}) => ({
    event: name,
    actor: { type: 'user', id: 'usr_1' },
    resource: { type, id: 'x' },
    ...more,
  });

  test('name who did it, and what they did it to', () => {
    expect(actorWords({ type: 'user', id: 'usr_1', name: '', email: 'ann@example.com' })).toBe('ann@example.com');
    expect(actorWords({ type: 'token', id: 'tok_1', name: 'CI' })).toBe('CI (API token)');
    expect(thingWords(event('Label Created', 'LABEL', { resource: { type: 'LABEL', id: 'team:web' } }))).toBe(
      'team:web',
    );
    expect(thingWords(event('Source Modified', 'SOURCE'))).toBeUndefined();
  });
});

test('favourites are what is remembered of them, whatever that is, and no more than fit', () => {
  expect(idsIn(['a', 1, null, 'b'])).toEqual(['a', 'b']);
  expect([idsIn(undefined), idsIn({ length: 3 }), idsIn('a')]).toEqual([[], [], []]);
  expect(idsIn(Array.from({ length: FAVOURITES_MAX + 5 }, (_, id) => String(id)))).toHaveLength(FAVOURITES_MAX);
  expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
});

test('a filter is told by what it does', () => {
  expect(filterWords([{ type: 'DROP' }])).toBe('Drops events');
  expect(filterWords([{ type: 'SAMPLE', percent: 0.25 }, { type: 'DROP_PROPERTIES' }])).toBe(
    'Lets 25% through, Takes properties out',
  );
});
