import { connect } from 'node:net';
import type { DestinationDefinition, SettingDefinition } from '../../../shared/destinations/destination-definition.ts';
import type { EventType } from '../../../shared/domain/event.ts';
import type { Json, JsonObject } from '../../../shared/domain/json.ts';
import type { SendOutcome } from '../../../shared/domain/outcomes.ts';
import type { bundledDestinations } from '../destination-bundle.ts';
import { type Answer, toolServer } from '../tool-server.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { shapeOf, type SeenRequest } from './request-shape.ts';
import { sampleOf } from './sample-values.ts';
import { supplyEvent } from './supply-event.ts';
import { SWEEP_HINTS, type SweepHint } from './sweep-hints.ts';

type Bundle = Awaited<ReturnType<typeof bundledDestinations>>;
/** What a tool that makes tokens gives out. */
const ISSUED_TOKEN = 'issued-token-4711';

export type Sent = { outcome: SendOutcome; requests: SeenRequest[]; lines: string[] };

/** How one type of event is sent: a candidate's name, and whether its required fields were enough. */
export type Way = { candidate: string; wanted: 'required' | 'all' };

/** An engine for which every public host is one server on loopback. */
export async function openSweep(bundle: Bundle) {
  let hint: SweepHint = {};
  /** Whether this tool lets nobody in without a token. */
  let isOnTokens = false;
  const answer: Answer = (arrival, response) => {
    response.setHeader('content-type', 'application/json');
    const isTokenRequest = /token/i.test(arrival.url);
    const authorization = arrival.headers.authorization ?? (isOnTokens ? 'undefined' : '');
    if (!isTokenRequest && /\bundefined$/.test(authorization)) response.statusCode = 401;
    const answered = isTokenRequest
      ? undefined
      : hint.answer?.(`${arrival.method} ${arrival.headers.host}${arrival.url}`);
    const json = {
      access_token: ISSUED_TOKEN,
      token: ISSUED_TOKEN,
      authToken: ISSUED_TOKEN,
      expires_in: 3_600,
      ...hint.json,
    };
    if (typeof answered === 'string') response.setHeader('content-type', 'text/plain');
    response.end(typeof answered === 'string' ? answered : JSON.stringify(answered ?? json));
  };
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules('', ''), async () => {
    throw new Error('No name is looked up in a sweep');
  });
  http.agents.https.createConnection = () => connect(tool.port, '127.0.0.1');
  const engine = bundle.createEngine({ http, now: () => new Date('2026-11-24T10:00:00.000Z') });

  async function sendBy(definition: DestinationDefinition, candidate: Candidate, wanted: Way['wanted']): Promise<Sent> {
    hint = SWEEP_HINTS[definition.slug] ?? {};
    isOnTokens = definition.class === 'credentials';
    const settings = settingsFor(definition, hint);
    const base = JSON.stringify(candidate.fields).includes('.personas')
      ? inAudience(candidate.event, hint.audienceSettings ?? {})
      : candidate.event;
    const { event, fields } = supplyEvent(candidate.action, candidate.fields, base, wanted, {
      ...hint.values,
      ...hint.byAction?.[candidate.action.key],
    });
    tool.arrivals.splice(0);
    const mapping = { action: candidate.action.key, trigger: '', fields: { ...fields, ...hint.fields } };
    const [call] = await engine.callsOf({ slug: definition.slug, settings, mapping, events: [event], hopThroughUs: 1 });
    const [result] = (await call?.run()) ?? [];
    if (result === undefined) throw new Error('A call answers for its event');
    const requests = tool.arrivals.splice(0);
    const credentials = { ...credentialsOf(definition, settings), issued: ISSUED_TOKEN };
    return { outcome: result.outcome, requests, lines: requests.map((request) => shapeOf(request, credentials)) };
  }

  return {
    sendBy,
    close: async () => {
      await tool.close();
      bundle.closeGuardedHttp(http);
    },
  };
}

export const isSent = ({ outcome, requests }: Sent): boolean => outcome.outcome === 'delivered' && requests.length > 0;

/** The first way in which an event of this type is sent. */
export async function findWay(
  sweep: Awaited<ReturnType<typeof openSweep>>,
  definition: DestinationDefinition,
  type: EventType,
): Promise<{ way: Way; sent: Sent } | { failures: string[] }> {
  const failures: string[] = [];
  for (const candidate of candidatesFor(definition, type)) {
    for (const wanted of ['required', 'all'] as const) {
      const sent = await sweep.sendBy(definition, candidate, wanted);
      if (isSent(sent)) return { way: { candidate: candidate.name, wanted }, sent };
      failures.push(`${candidate.name} ${wanted}: ${JSON.stringify(sent.outcome)} ${sent.lines.join(' ; ')}`);
    }
  }
  return { failures };
}

/** Settings as somebody would enter them: each value names its setting, so that it is found again in what goes out. */
export const settingsFor = ({ settings }: DestinationDefinition, hint: SweepHint): Record<string, Json> => ({
  ...Object.fromEntries(
    settings.flatMap((setting) => {
      const value = settingValue(setting);
      return value === undefined ? [] : [[setting.key, value]];
    }),
  ),
  ...hint.settings,
});

/** The key of the audience that events of the sweep speak of, where an action asks for one. */
const AUDIENCE = 'vip';

/** What the platform's audiences put into their events. */
function inAudience(event: JsonObject, audienceSettings: JsonObject): JsonObject {
  const { context, traits, properties } = event as {
    context: JsonObject;
    traits?: JsonObject;
    properties?: JsonObject;
  };
  const personas = {
    computation_class: 'audience',
    computation_key: AUDIENCE,
    computation_id: 'aud_1',
    external_audience_id: '4711',
    space_id: 'spa_1',
    audience_settings: audienceSettings,
  };
  return {
    ...event,
    context: { ...context, personas },
    ...(traits !== undefined && { traits: { ...traits, [AUDIENCE]: true } }),
    ...(properties !== undefined && { properties: { ...properties, [AUDIENCE]: true } }),
  };
}

function settingValue(setting: SettingDefinition): Json | undefined {
  const { key, type, default: fallback, choices, required, secret, format } = setting;
  if (fallback !== undefined && fallback !== '') return fallback;
  const [choice] = choices ?? [];
  if (choice !== undefined) return required ? choice.value : undefined;
  if (!required && !secret) return undefined;
  if (type === 'string' || type === 'password' || type === 'text') {
    if (format !== undefined && format !== 'password') return sampleOf(setting);
    return /url|uri|endpoint/i.test(key) ? `https://the-${key}-4711.test` : `the-${key}-4711`;
  }
  return sampleOf(setting);
}

const credentialsOf = ({ settings }: DestinationDefinition, given: JsonObject): Record<string, string> =>
  Object.fromEntries(
    settings.flatMap(({ key, secret, required, choices, default: fallback }) => {
      const value = given[key];
      const isOwn = secret || (required && choices === undefined && (fallback === undefined || fallback === ''));
      return isOwn && typeof value === 'string' ? [[key, value]] : [];
    }),
  );
