import type { SegmentWorkspace } from './segment-shapes.ts';
import type { Note, Translated } from './translate.ts';

export const REPORT_FILE = 'segment-report.md';

/** What came over, what did not, and what is left to do: for whoever moves the workspace. */
export function reportText(segment: SegmentWorkspace, { files, wanted, lacking, changed }: Translated): string {
  const count = (list: readonly unknown[], what: string): string => `${list.length} ${what}`;
  const mappings = files.destinations.flatMap((one) => one.mappings);
  const filters = files.destinations.flatMap((one) => one.filters);
  return [
    `# ${segment.workspace.name}, from Segment`,
    '',
    `Taken over: ${[
      count(files.sources, 'sources'),
      count(files.destinations, 'destinations'),
      count(mappings, 'mappings'),
      count(filters, 'filters'),
      count(files.trackingPlans, 'tracking plans'),
      count(files.transformations, 'transformations'),
      count(files.labels, 'labels'),
    ].join(', ')}.`,
    'Tracking plans and transformations are kept and checked; nothing obeys them yet.',
    '',
    '## Secrets to be given',
    '',
    wanted.length === 0 ? 'None.' : 'Segment does not return them. Set these, and import the files again:',
    '',
    ...wanted.map((name) => `- \`${name}\``),
    '',
    '## Not taken over',
    '',
    ...notes(lacking),
    '',
    '## Taken over with a difference',
    '',
    ...notes(changed),
    '',
    '## Could not be read',
    '',
    ...notes(segment.unread.map(({ what, why }) => ({ about: what, text: why }))),
    '',
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n');
}

const notes = (list: readonly Note[]): string[] =>
  list.length === 0 ? ['Nothing.'] : list.map(({ about, text }) => `- ${about}: ${text}`.replaceAll('\n', ' '));
