import { NOT_OFFERED, NOT_OFFERED_REASONS, type NotOfferedReason } from './not-offered.ts';
import { INBOX } from './inbox-definition.ts';
import type { DestinationClass } from './destination-definition.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import { ROWS } from './rows.ts';

const NEEDS: Readonly<Record<DestinationClass, string>> = {
  none: 'an address or ID',
  key: 'a key',
  credentials: 'client credentials, or user and password',
  token: 'an access token, pasted',
};

/** The text of docs/destinations.md, written by `cli/generate-catalog.ts`. */
export function destinationsPage(): string {
  const rows = [INBOX, ...ROWS].map(
    ({ name, slug, class: itsClass, categories, supportedTypes, description }) =>
      `| ${name} | \`${slug}\` | ${description} | ${slug === INBOX.slug ? 'nothing' : NEEDS[itsClass]} | ${typesText(supportedTypes)} | ${categories.join(', ')} |`,
  );
  const reasons = Object.entries(NOT_OFFERED_REASONS).map(([reason, text]) => {
    const names = Object.entries(NOT_OFFERED).filter(([, each]) => each === (reason as NotOfferedReason));
    return `| ${text} | ${names.map(([directory]) => `\`${directory}\``).join(', ')} |`;
  });
  return [
    '# Destinations',
    '',
    '<!-- Written by `node cli/generate-catalog.ts`. -->',
    '',
    `${rows.length} kinds of destination. The slug is what a seed file calls \`type\`. Most run the published code of`,
    '`@segment/action-destinations` (decisions 004 and 019); none of them has been tried against the real tool by us: what each sends is asserted',
    'against `test/fixtures/destination-requests.json`.',
    '',
    '| Destination | Slug | What it does | Needs | Events | Categories |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
    '## Not offered',
    '',
    'Of the library there are, by their folders in it:',
    '',
    '| Because it | Destinations |',
    '| --- | --- |',
    ...reasons,
    '',
  ].join('\n');
}

const typesText = (types: readonly EventType[]): string =>
  types.length === EVENT_TYPES.length ? 'all' : types.join(', ');
