import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ApiError } from '../../../shared/api/api-error.ts';
import { type ApiClient, apiClient } from '../../../shared/api/client.ts';
import { CliError } from '../../cli-error.ts';
import { command, EXIT } from '../command.ts';
import { layOut } from '../files/file-layout.ts';
import { readFolder, writeFolder } from '../files/folder.ts';
import { apiUrl } from '../profiles.ts';
import { readSegment } from '../segment/read-segment.ts';
import { REPORT_FILE, reportText } from '../segment/report-text.ts';
import { plain, translate } from '../segment/translate.ts';
import { type Catalog, catalogOf, type DestinationType } from '../workspace/catalog.ts';
import { KINDS } from '../workspace/known.ts';
import type { SegmentWorkspace } from '../segment/segment-shapes.ts';
import { folderOf } from './folder-of.ts';
import { importFiles } from './import.ts';
import { UsageError } from '../usage-error.ts';

const SEGMENT_URL = 'https://api.segmentapis.com';
const SEGMENT_EU_URL = 'https://eu1.api.segmentapis.com';

export const importSegment = command({
  usage: 'import segment DIR',
  about:
    'Rebuilds a workspace from Segment: reads it by its Public API with the token in SEGMENT_TOKEN, writes it to DIR as files like those of export, and imports them. What could not be taken over is in DIR/segment-report.md. Nothing is changed at Segment.',
  examples: [
    'SEGMENT_TOKEN=… tributary import segment moved/ --dry-run',
    'SEGMENT_TOKEN=… tributary import segment moved/ --eu',
    'WEBSITE_SLACK_URL=… tributary import moved/    # later, with the secrets that Segment keeps to itself',
  ],
  flags: {
    'dry-run': { help: 'write the files and the report, and change nothing in the workspace' },
    eu: { help: 'the workspace is in the region EU' },
    'segment-url': { value: 'URL', help: 'another address of the Public API' },
  },
  plainMax: 1,
  run: async ({ flags, plain: words, io, signIn }) => {
    const folder = folderOf(words, io);
    const token = io.env['SEGMENT_TOKEN'];
    if (!token)
      throw new UsageError('Set SEGMENT_TOKEN to a token of the Segment workspace; it is read, never written.');
    const baseUrl = apiUrl(flags['segment-url'] ?? (flags.eu ? SEGMENT_EU_URL : SEGMENT_URL));
    const segment = await readTheirs(apiClient({ baseUrl, token: () => token, ...(io.fetch && { fetch: io.fetch }) }));
    const signedIn = await signIn();
    const catalog = catalogOf(signedIn.client);
    const types = await destinationTypes(segment, catalog);
    const translated = translate(segment, {
      sourceTypes: await catalog.sourceTypes(),
      destinationType: (metadata) => types.get(metadata.id),
    });
    const done = await writeFolder(folder, layOut(translated.files, segment.workspace, KINDS), KINDS);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, REPORT_FILE), reportText(segment, translated));
    const say = (line: string): void => (flags.json ? undefined : io.out(line));
    say(
      `${segment.workspace.name}: ${done.written.length} files written; ${join(folder, REPORT_FILE)} says what is missing.`,
    );
    const read = await readFolder(folder, KINDS);
    const env = { ...translated.values, ...io.env };
    const options = { ...flags, only: undefined, prune: false, yes: false, secrets: false };
    const code = await importFiles(signedIn, read, options, { ...io, env });
    return translated.lacking.length > 0 || segment.unread.length > 0 ? EXIT.refused : code;
  },
});

/** What Segment refuses is not to be looked for here. */
async function readTheirs(client: ApiClient): Promise<SegmentWorkspace> {
  try {
    return await readSegment(client);
  } catch (error) {
    if (error instanceof ApiError) {
      const hint = error.status === 401 ? ': is SEGMENT_TOKEN a live token of that workspace, in that region?' : '';
      throw new CliError(`Segment says: ${error.message} (${error.asked}, status ${error.status})${hint}`);
    }
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      throw new CliError(
        `Segment answered in a shape that is not known here: ${issue?.path.join('.')}: ${issue?.message}`,
      );
    }
    throw error;
  }
}

/** The type here for each type there: by id, by slug, else by a name that either has or had. */
async function destinationTypes(segment: SegmentWorkspace, catalog: Catalog): Promise<Map<string, DestinationType>> {
  const metadata = new Map(segment.destinations.map((one) => [one.metadata.id, one.metadata]));
  const types = new Map<string, DestinationType>();
  for (const { id, slug, name, previousNames } of metadata.values()) {
    const found =
      (await catalog.destinationType(id)) ??
      (await catalog.destinationType(slug)) ??
      byName([name, ...(previousNames ?? [])], await catalog.destinationTypes());
    if (found !== undefined) types.set(id, found);
  }
  for (const { destinationMetadataId: id } of segment.transformations) {
    const found = id ? await catalog.destinationType(id) : undefined;
    if (id && found !== undefined) types.set(id, found);
  }
  return types;
}

function byName(names: readonly string[], types: readonly DestinationType[]): DestinationType | undefined {
  const wanted = new Set(names.map(plain));
  return types.find((type) => [type.name, ...type.previousNames].some((name) => wanted.has(plain(name))));
}
