import type { ApiClient } from '../../../shared/api/client.ts';
import type { AnswerOf } from '../../../shared/api/operation.ts';
import type { Handled } from '../../../shared/api/operations.ts';
import { CliError } from '../../cli-error.ts';
import { wholeNumber } from '../../flags.ts';
import { visible } from '../../replay/table.ts';
import { escaped } from '../../testing/match.ts';
import { command, EXIT } from '../command.ts';
import { UsageError } from '../usage-error.ts';

/** Issues in one answer of this command; there are rarely more than a handful. */
const ISSUES_MAX = 50;
const SAMPLES_DEFAULT = 1;
/** What is kept of one. */
const SAMPLES_MAX = 10;
/** Characters of a request or answer that a line shows. */
const BODY_CHARS_MAX = 500;
/** A page of destinations carries some 30 KB each. */
const DESTINATION_PAGE = 25;
const RANGES = ['10m', '1h', '24h', '7d', '14d'] as const;

type Issue = AnswerOf<Handled['listDeliveryIssues']>['issues'][number];
type Sample = AnswerOf<Handled['listDeliveryIssueSamples']>['samples'][number];
type Told = Issue & { destination: string; samples: readonly Sample[] };

export const failures = command({
  usage: 'failures [--destination NAME]',
  about:
    'What was not delivered: by destination, code and message, since when, what to do about it, and a sample with request and answer. Exit code 1 where there is anything.',
  examples: [
    'tributary failures',
    'tributary failures --destination "Slack" --range 1h --samples 3',
    'tributary failures --json | jq ".issues[].code"',
  ],
  flags: {
    destination: { value: 'NAME', help: 'only of this destination, by name or id' },
    range: { value: 'RANGE', help: `how far back: ${RANGES.join(', ')}; 24h where nothing is said` },
    samples: { value: 'N', help: `samples of each, 0 to ${SAMPLES_MAX}, ${SAMPLES_DEFAULT} where nothing is said` },
  },
  run: async ({ flags, io, signIn }) => {
    const range = rangeOf(flags.range);
    const count = flags.samples === undefined ? SAMPLES_DEFAULT : wholeNumber('samples', flags.samples, 0, SAMPLES_MAX);
    const { client } = await signIn();
    const names = await namesOf(client);
    const only = flags.destination === undefined ? undefined : idOf(flags.destination, names);
    const query = { range, pagination: { count: ISSUES_MAX }, ...(only !== undefined && { destinationId: only }) };
    const { issues, destinationsLeftOut } = await client.call('listDeliveryIssues', { query });
    const told: Told[] = [];
    for (const issue of issues.slice(0, ISSUES_MAX)) {
      const samples = count === 0 ? [] : await samplesOf(client, issue.id);
      told.push({
        ...issue,
        destination: names.get(issue.destinationId) ?? issue.destinationId,
        samples: samples.slice(0, count),
      });
    }
    if (destinationsLeftOut > 0)
      io.note(`${destinationsLeftOut} destinations that fail were not looked into: name one with --destination.`);
    if (flags.json) io.out(escaped(JSON.stringify({ range, issues: told, destinationsLeftOut })));
    else if (told.length === 0) io.out(`Nothing failed within ${range}.`);
    else for (const one of told) for (const text of linesOf(one)) io.out(visible(text));
    return told.length === 0 ? EXIT.ok : EXIT.refused;
  },
});

const samplesOf = async (client: ApiClient, issueId: string): Promise<readonly Sample[]> =>
  (await client.call('listDeliveryIssueSamples', { path: { issueId } })).samples;

function rangeOf(text = '24h'): (typeof RANGES)[number] {
  const found = RANGES.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--range is one of ${RANGES.join(', ')}.`);
  return found;
}

/** Names of destinations that the token may see, with their sources’ slugs before them where two are called alike. */
async function namesOf(client: ApiClient): Promise<ReadonlyMap<string, string>> {
  const all = await client.all('listDestinations', 'destinations', {}, DESTINATION_PAGE);
  return new Map(all.map(({ id, name = '' }) => [id, name]));
}

function idOf(text: string, names: ReadonlyMap<string, string>): string {
  if (names.has(text)) return text;
  const found = [...names].filter(([, name]) => name === text);
  const [one] = found;
  if (one === undefined) {
    throw new CliError(
      `There is no destination "${text}" that this token may see; there are ${[...names.values()].join(', ') || 'none'}.`,
    );
  }
  if (found.length > 1)
    throw new CliError(`"${text}" are several: name one by its id (${found.map(([id]) => id).join(', ')}).`);
  return one[0];
}

function linesOf({
  destination,
  code,
  message,
  count,
  ended,
  firstSeenAt,
  lastSeenAt,
  advice,
  samples,
  retried,
}: Told): string[] {
  return [
    `${destination}: ${code}${message === '' ? '' : ` ${message}`}`,
    `  ${count} tries, ${ended} sends ended so${retried ? ', some are tried again' : ''}; from ${firstSeenAt} to ${lastSeenAt}`,
    `  ${advice}`,
    ...samples.flatMap(sampleLines),
  ];
}

function sampleLines({ messageId, at, isMasked, exchanges }: Sample): string[] {
  const mask = isMasked ? ', what is personal is masked' : '';
  return [
    `    ${messageId} at ${at}${mask}`,
    ...exchanges.flatMap(({ method, url, requestBody, status, responseBody, latencyMs }) => [
      `      ${method} ${url} ${requestBody.slice(0, BODY_CHARS_MAX)}`,
      `      ${status ?? 'no answer'} after ${Math.round(latencyMs)} ms ${responseBody.slice(0, BODY_CHARS_MAX)}`.trimEnd(),
    ]),
  ];
}
