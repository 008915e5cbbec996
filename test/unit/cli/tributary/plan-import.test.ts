import fc from 'fast-check';
import { doneBy, type ImportPlan } from '../../../../cli/tributary/plan/change.ts';
import { pairUp } from '../../../../cli/tributary/plan/pair-up.ts';
import { planLines } from '../../../../cli/tributary/plan/say-changes.ts';
import { escaped } from '../../../../cli/tributary/files/placeholders.ts';
import { noFiles } from '../../../../cli/tributary/files/workspace-files.ts';
import { knownWorkspace, planOf } from '../../../builders/known-workspace.ts';
import {
  aDestinationFile,
  aGroupFile,
  aMappingFile,
  aSourceFile,
  filesArbitrary,
  someFiles,
} from '../../../builders/workspace-files.ts';

const NOTHING: ImportPlan = { changes: [], missing: [], heldBack: [], refusals: [] };
const WEBSITE = [aSourceFile()];
const SECRET = { apiKey: '${HOOK}' };

test('a workspace that is as its files say has nothing to be done, whatever it is', () => {
  fc.assert(
    fc.property(filesArbitrary({ withGroups: true }), (workspace) => {
      const files = {
        ...workspace,
        destinations: workspace.destinations.map((one) => ({
          ...one,
          mappings: one.mappings.map((mapping) => ({ ...mapping, fields: escaped(mapping.fields) as never })),
        })),
      };
      expect(planOf(files, knownWorkspace(workspace))).toEqual(NOTHING);
    }),
    { numRuns: 100 },
  );
});

test('what is not there is made, what differs is changed field by field, what is too much is only told', () => {
  const known = knownWorkspace(
    someFiles({
      sources: [aSourceFile(), aSourceFile({ slug: 'old' })],
      destinations: [
        aDestinationFile({
          settings: { region: 'eu', gone: true },
          mappings: [aMappingFile(), aMappingFile({ name: 'Old' })],
        }),
      ],
    }),
  );
  const files = someFiles({
    sources: [
      aSourceFile({ name: 'Web', labels: { environment: 'prod' } }),
      aSourceFile({ slug: 'server', type: 'node-js' }),
    ],
    destinations: [
      aDestinationFile({
        settings: { region: 'us' },
        mappings: [aMappingFile({ trigger: 'type = "page"' }), aMappingFile({ name: 'New' })],
      }),
    ],
  });
  const plan = planOf(files, known);
  expect(planLines(plan)).toEqual([
    '- source old',
    '+ source server',
    '~ source website',
    '    name: "Website" → "Web"',
    '    labels.environment: none → "prod"',
    '~ destination website/Tool',
    '    settings.gone: true → none',
    '    settings.region: "eu" → "us"',
    expect.stringMatching(/^ {4}mapping "New": none → \{"name":"New",/),
    '    mapping "All events" trigger: "type = \\"track\\"" → "type = \\"page\\""',
    expect.stringMatching(/^ {4}mapping "Old": \{.*\(only in the workspace\)$/),
  ]);
  expect(doneBy(plan, false).map(({ verb, name }) => `${verb} ${name}`)).toEqual([
    'create server',
    'update website',
    'update website/Tool',
  ]);
  expect(doneBy(plan, true).map(({ verb, name }) => `${verb} ${name}`)).toContain('remove old');
});

test('a secret that the workspace has is left alone, and is missing in no environment', () => {
  const files = someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ settings: SECRET })] });
  const known = knownWorkspace(files, { 'website/Tool': ['apiKey'] });
  expect(planOf(files, known)).toEqual(NOTHING);
  expect(planOf(files, known, { env: { HOOK: 'new value' } })).toEqual(NOTHING);
});

test('with --secrets the environment’s value is written, and is not shown', () => {
  const files = someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ settings: SECRET })] });
  const known = knownWorkspace(files, { 'website/Tool': ['apiKey'] });
  const plan = planOf(files, known, { env: { HOOK: 'new value' }, writeSecrets: true });
  expect(plan.changes).toMatchObject([{ verb: 'update', file: { settings: { apiKey: 'new value' } } }]);
  expect(planLines(plan).join('\n')).toContain('settings.apiKey: none → "(a secret)"');
  expect(planLines(plan).join('\n')).not.toContain('new value');
});

test('what lacks a secret is made switched off, and the lack is told by file and field', () => {
  const files = someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ settings: SECRET })] });
  expect(planOf(files, knownWorkspace(someFiles({ sources: WEBSITE })))).toMatchObject({
    changes: [{ verb: 'create', file: { enabled: false, settings: {} } }],
    missing: [{ path: 'Tool', field: 'settings.apiKey', variable: 'HOOK' }],
    heldBack: [{ path: 'Tool', name: 'website/Tool' }],
  });
});

test('what lacks a secret stays off at the second import, and nothing is changed by it', () => {
  const files = someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ settings: SECRET })] });
  const made = knownWorkspace(someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ enabled: false })] }));
  const plan = planOf(files, made);
  expect(plan.changes).toEqual([]);
  expect(plan.heldBack).toEqual([{ path: 'Tool', name: 'website/Tool' }]);
  const later = planOf(files, made, { env: { HOOK: 'at last' } });
  expect(later).toMatchObject({
    changes: [{ verb: 'update', file: { enabled: true, settings: { apiKey: 'at last' } } }],
    missing: [],
    heldBack: [],
  });
});

test('what is on already is not switched off for a new secret that is missing', () => {
  const files = someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ settings: SECRET })] });
  const known = knownWorkspace(someFiles({ sources: WEBSITE, destinations: [aDestinationFile()] }));
  expect(planOf(files, known)).toMatchObject({ changes: [], heldBack: [], missing: [{ variable: 'HOOK' }] });
});

test('a mapping that lacks a value is made switched off, and is left as it is where it is there', () => {
  const fields = { event: '${URL}' };
  const files = someFiles({
    sources: WEBSITE,
    destinations: [aDestinationFile({ mappings: [aMappingFile({ fields })] })],
  });
  expect(planOf(files, knownWorkspace(someFiles({ sources: WEBSITE })))).toMatchObject({
    changes: [{ file: { enabled: true, mappings: [{ enabled: false }] } }],
    missing: [{ field: 'mappings[0].fields', variable: 'URL' }],
    heldBack: [{ name: 'website/Tool: All events' }],
  });
  const known = knownWorkspace(
    someFiles({ sources: WEBSITE, destinations: [aDestinationFile({ mappings: [aMappingFile()] })] }),
  );
  expect(planOf(files, known)).toMatchObject({ changes: [], missing: [{ variable: 'URL' }] });
  const filled = planOf(files, known, { env: { URL: 'https://example.com/new' } });
  expect(filled.changes).toMatchObject([
    { file: { mappings: [{ fields: { event: 'https://example.com/new' }, enabled: true }] } },
  ]);
});

test('write keys, members, rules and what a plan is connected to go only with --prune', () => {
  const rule = (key: string) => ({ type: 'TRACK' as const, key, version: 1, jsonSchema: { type: 'object' } });
  const plan = (rules: string[], sources: string[]) => ({
    name: 'Plan',
    type: 'LIVE' as const,
    sources,
    rules: rules.map(rule),
  });
  const was = someFiles({
    sources: [aSourceFile({ writeKeys: ['0123456789abcdef', 'gone456789abcdef'] })],
    trackingPlans: [plan(['A', 'B'], ['website'])],
    groups: [aGroupFile({ members: ['ada@shop.test', 'bob@shop.test'] })],
  });
  const is = someFiles({
    sources: [aSourceFile({ writeKeys: ['0123456789abcdef'] })],
    trackingPlans: [plan(['A'], [])],
    groups: [aGroupFile({ members: ['ada@shop.test'] })],
  });
  const { changes } = planOf(is, knownWorkspace(was));
  expect(
    changes.map((change) => change.verb === 'update' && change.fields.map(({ field, how }) => [field, how])),
  ).toEqual([
    [['writeKeys', 'prune']],
    [
      ['sources', 'prune'],
      ['rule TRACK "B" v1', 'prune'],
    ],
    [['members', 'prune']],
  ]);
  expect(doneBy({ ...NOTHING, changes }, false)).toEqual([]);
  expect(doneBy({ ...NOTHING, changes }, true)).toHaveLength(3);
});

test('what names something that is not there is refused by file, and the rest is done', () => {
  const files = someFiles({
    sources: [aSourceFile(), aSourceFile({ slug: 'crm', name: 'Crm', type: 'salesforce' })],
    destinations: [
      aDestinationFile({ name: 'Good' }),
      aDestinationFile({ name: 'No type', type: 'telegraph' }),
      aDestinationFile({ name: 'No source', source: 'nowhere' }),
      aDestinationFile({ name: 'No action', mappings: [aMappingFile({ action: 'dance' })] }),
    ],
    groups: [aGroupFile({ permissions: [{ role: 'King', resources: [{ source: 'nowhere' }] }] })],
  });
  const plan = planOf(files, knownWorkspace(noFiles()));
  expect(plan.refusals).toEqual([
    'Crm: there is no type of source "salesforce" here',
    'No type: there is no type of destination "telegraph" here',
    'No source: there is no source "nowhere"',
    'No action: mapping "All events": tool has no action "dance"',
    'Marketing: there is no role "King"',
    'Marketing: there is no source "nowhere"',
  ]);
  expect(plan.changes.map(({ name }) => name)).toEqual(['website', 'website/Good']);
});

test('what is refused and is in the workspace is not taken for what the files have not: --prune leaves it', () => {
  const known = knownWorkspace(
    someFiles({ sources: WEBSITE, destinations: [aDestinationFile()], groups: [aGroupFile()] }),
  );
  const files = someFiles({
    sources: WEBSITE,
    destinations: [aDestinationFile({ mappings: [aMappingFile({ action: 'dance' })] })],
    groups: [aGroupFile({ permissions: [{ role: 'King', resources: [{}] }] })],
  });
  const plan = planOf(files, known);
  expect(plan.refusals).toHaveLength(2);
  expect(doneBy(plan, true)).toEqual([]);
});

test('a type or a label’s description that differs is told, and nothing tries to change it', () => {
  const known = knownWorkspace(
    someFiles({ labels: [{ key: 'team', value: 'a', description: 'Old' }], sources: [aSourceFile()] }),
  );
  const files = someFiles({
    labels: [{ key: 'team', value: 'a', description: 'New' }],
    sources: [aSourceFile({ type: 'node-js' })],
  });
  const plan = planOf(files, known);
  expect(planLines(plan)).toEqual([
    '~ label team:a',
    '    description: "Old" → "New" (cannot be changed)',
    '~ source website',
    '    type: "javascript" → "node-js" (cannot be changed)',
  ]);
  expect(doneBy(plan, true)).toEqual([]);
});

test('several of one name are told apart by what they say; of the rest the first goes with the first', () => {
  const one = (id: string, n: number) => ({ id, file: { name: 'x', n } });
  const { pairs, onlyFiles, onlyKnown } = pairUp(
    [
      { name: 'x', n: 2 },
      { name: 'x', n: 9 },
      { name: 'y', n: 0 },
    ],
    [one('a', 1), one('b', 2), one('c', 3)],
    ({ name }) => name,
  );
  expect(pairs.map(({ file, known }) => [file.n, known.id])).toEqual([
    [2, 'b'],
    [9, 'a'],
  ]);
  expect(onlyFiles).toEqual([{ name: 'y', n: 0 }]);
  expect(onlyKnown.map(({ id }) => id)).toEqual(['c']);
});
