import fc from 'fast-check';
import { layOut } from '../../cli/tributary/files/file-layout.ts';
import {
  type DestinationFile,
  type FileKind,
  type Files,
  type GroupFile,
  type MappingFile,
  noFiles,
  SCHEMAS,
  type SourceFile,
  type ThingIn,
} from '../../cli/tributary/files/workspace-files.ts';
import { KINDS } from '../../cli/tributary/workspace/known.ts';
import type { JsonObject } from '../../shared/domain/json.ts';

const parsed = <K extends FileKind>(kind: K, value: unknown): ThingIn<K> => SCHEMAS[kind].parse(value);

/** Files of a workspace, parsed: an impossible one cannot be built. */
export const aSourceFile = (over: JsonObject = {}): SourceFile =>
  parsed('sources', { slug: 'website', name: 'Website', type: 'javascript', enabled: true, ...over });
export const aMappingFile = (over: Partial<MappingFile> = {}): MappingFile => ({
  name: 'All events',
  action: 'send',
  trigger: 'type = "track"',
  enabled: true,
  fields: { id: { '@path': '$.userId' } },
  ...over,
});
export const aDestinationFile = (over: Partial<DestinationFile> = {}): DestinationFile =>
  parsed('destinations', { source: 'website', name: 'Tool', type: 'tool', enabled: true, ...over });
export const aGroupFile = (over: Partial<GroupFile> = {}): GroupFile =>
  parsed('groups', { name: 'Marketing', permissions: [{ role: 'Source Read-only', resources: [{}] }], ...over });
export const someFiles = (over: Partial<Files> = {}): Files => ({ ...noFiles(), ...over });

/** What the files say, whatever the order of what has none. */
export const textsOf = (files: Files): Record<string, string> =>
  Object.fromEntries(layOut(files, { slug: 'any', name: 'Any' }, KINDS));

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.$(){}/&é-]{0,18}[A-Za-z0-9]$/);
const slug = fc.stringMatching(/^[a-z][a-z0-9_-]{0,14}$/);
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,9}$/);
/** Texts that a placeholder could be taken for are among them. */
const text = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('${NAME}', '$${NAME}', '${', '${a b}', '🙂'));
const trigger = fc.constantFrom('type = "track"', 'type = "identify"', 'event = "Order Completed"', 'type != "page"');

const path = fc.constantFrom('$.userId', '$.event', '$.properties').map((at) => ({ '@path': at }));
const mapping = fc.record({
  name,
  action: fc.constant('send'),
  trigger,
  enabled: fc.boolean(),
  fields: fc.record({
    id: path,
    event: fc.oneof(path, text),
    properties: fc.dictionary(word, fc.oneof(text, path), { maxKeys: 3 }),
  }),
}) as fc.Arbitrary<MappingFile>;

const filter = fc.record({
  title: name,
  if: trigger,
  actions: fc.constantFrom(
    [{ type: 'DROP' }],
    [{ type: 'SAMPLE', percent: 0.5 }],
    [{ type: 'DROP_PROPERTIES', fields: { 'context.traits': ['email'], '': ['anonymousId'] } }],
  ),
  enabled: fc.boolean(),
});

/** Workspaces that hang together, of types that every deployment has. `withGroups`: people's rights as well. */
export function filesArbitrary(options: { withGroups: boolean }): fc.Arbitrary<Files> {
  const labels = fc.uniqueArray(fc.record({ key: word, value: word }), {
    maxLength: 4,
    selector: ({ key, value }) => `${key}:${value}`,
  });
  return fc
    .record({ labels, slugs: fc.uniqueArray(slug, { minLength: 1, maxLength: 3 }) })
    .chain(({ labels: made, slugs }) => {
      const some = fc.constantFrom(...slugs);
      const labelsOn = fc.subarray(made).map((list) => Object.fromEntries(list.map(({ key, value }) => [key, value])));
      const source = (one: string) =>
        fc.record({
          slug: fc.constant(one),
          name,
          type: fc.constantFrom('javascript', 'node-js'),
          enabled: fc.boolean(),
          labels: labelsOn,
          settings: fc.record({ dedupHours: fc.integer({ min: 1, max: 168 }), batching: fc.boolean() }),
          writeKeys: fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9]{20,32}$/), { minLength: 1, maxLength: 2 }),
        });
      const common = {
        source: some,
        name,
        retryWindowHours: fc.integer({ min: 1, max: 312 }),
        consentCategories: fc.constantFrom([], ['ads'], ['ads', 'analytics']),
        filters: fc.uniqueArray(filter, { maxLength: 2, selector: (one) => one.title }),
      };
      const inbox = fc.record({
        ...common,
        type: fc.constant('inbox'),
        enabled: fc.boolean(),
        settings: fc.constant({}),
        mappings: fc.constant([]),
      });
      const tool = fc.record({
        ...common,
        type: fc.constant('tool'),
        enabled: fc.constant(false),
        settings: fc.record({ region: fc.constantFrom('us', 'eu'), limit: fc.integer({ min: 0, max: 9 }) }),
        mappings: fc.uniqueArray(mapping, { maxLength: 3, selector: (one) => one.name }),
      });
      const destination = fc.oneof(inbox, tool);
      const group = fc.record({
        name,
        members: fc.constant([]),
        piiAccess: fc.boolean(),
        permissions: fc.uniqueArray(
          fc.record({
            role: fc.constantFrom('Source Admin', 'Source Read-only'),
            resources: fc.uniqueArray(
              fc.oneof(
                fc.constant({}),
                some.map((of) => ({ source: of })),
              ),
              { minLength: 1, maxLength: 2, selector: (one) => JSON.stringify(one) },
            ),
          }),
          { maxLength: 2, selector: ({ role }) => role },
        ),
      });
      return fc.record({
        settings: fc.constant([]),
        labels: fc.constant(made),
        sources: fc.tuple(...slugs.map(source)),
        destinations: fc.uniqueArray(destination, {
          maxLength: 4,
          selector: (one) => `${one.source}/${one.name}/${one.type}`,
        }),
        trackingPlans: fc.uniqueArray(
          fc.record({
            name,
            type: fc.constant('LIVE' as const),
            sources: fc.subarray(slugs, { maxLength: 1 }),
            rules: fc.uniqueArray(
              fc.record({
                type: fc.constant('TRACK' as const),
                key: name,
                version: fc.constant(1),
                jsonSchema: fc.constantFrom({ type: 'object' }, { type: 'object', properties: { a: {} } }),
              }),
              { maxLength: 3, selector: ({ key }) => key },
            ),
          }),
          { maxLength: 1, selector: (one) => one.name },
        ),
        transformations: fc.constant([]),
        groups: options.withGroups
          ? fc.uniqueArray(group, { maxLength: 2, selector: (one) => one.name })
          : fc.constant([]),
      });
    }) as fc.Arbitrary<unknown> as fc.Arbitrary<Files>;
}
