import { type FindDefinition, readSeed } from '../../cli/seed/read-seed.ts';
import type { SeedFile } from '../../cli/seed/seed-file.ts';

/** A type with a secret and a required setting, one action with a required field, and a preset for it. */
export const findToolDefinition: FindDefinition = (type) =>
  type === 'tool'
    ? {
        settings: [
          { key: 'apiKey', secret: true, required: true },
          { key: 'region', secret: false, required: false },
        ],
        actions: [{ key: 'send', fields: [{ key: 'to', required: true }] }],
        presets: [{ name: 'All', action: 'send', trigger: 'type = "track"', fields: { to: { '@path': '$.userId' } } }],
      }
    : undefined;

export const aSeedText = (over: Record<string, unknown> = {}): string =>
  JSON.stringify({
    workspace: { slug: 'shop', name: 'Shop' },
    sources: [{ slug: 'website', name: 'Website', kind: 'website' }],
    destinations: [
      { source: 'website', name: 'Tool', type: 'tool', settings: { apiKey: 'canary-4711', region: 'eu' } },
    ],
    ...over,
  });

/** A valid seed; throws with the faults where it is none. */
export function aSeed(over: Record<string, unknown> = {}): SeedFile {
  const read = readSeed(aSeedText(over), findToolDefinition);
  if (read.outcome === 'invalid') throw new Error(read.faults.join('\n'));
  return read.seed;
}
