import { connect } from 'node:net';
import { parseFql, validate } from '@segment/destination-subscriptions';
import { findDefinition } from '../../shared/destinations/catalog.ts';
import type { DestinationDefinition, MappingPreset } from '../../shared/destinations/destination-definition.ts';
import type { JsonObject } from '../../shared/domain/json.ts';
import type { SendOutcome } from '../../shared/domain/outcomes.ts';
import { bundledDestinations } from './destination-bundle.ts';
import { NOW, runWork } from './own-destination.ts';
import { type Answer, type Arrival, toolServer } from './tool-server.ts';

/** A request as the tool got it; its body parsed where it is JSON. */
export type Sent = { method: string; url: string; headers: Record<string, unknown>; body: unknown };
export type OfPreset = { preset: string; outcome: SendOutcome; requests: readonly Sent[] };

/** What every request has, whatever the destination. */
const USUAL_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'host',
  'user-agent',
  'x-tributary-hop',
]);

/**
 * A destination of the library, run by the engine as in deliver's bundle. Whatever https host it asks for, a tool on loopback answers;
 * names are not looked up.
 */
export async function presetRequests(slug: string, answer?: Answer) {
  const bundle = await bundledDestinations([slug]);
  const definition = await findDefinition(slug);
  if (definition === undefined) throw new Error(`There is no destination ${slug}`);
  const tool = await toolServer(answer);
  const http = bundle.guardedHttp(bundle.targetRules('', ''));
  http.agents.https.createConnection = () => connect(tool.port, '127.0.0.1');
  const engine = bundle.createEngine({ http, now: () => NOW });

  /**
   * What each preset whose trigger chooses the event makes of it. `fields` are laid over the preset's: what a person must fill in. A destination
   * without presets: the defaults of these `actions`.
   */
  const sendByPresets = async (
    settings: JsonObject,
    event: JsonObject,
    { fields = {}, actions }: { fields?: JsonObject; actions?: readonly string[] } = {},
  ): Promise<OfPreset[]> => {
    const presets = actions === undefined ? definition.presets : actions.map((key) => ofDefaults(definition, key));
    const all: OfPreset[] = [];
    for (const preset of presets) {
      if (!validate(parseFql(preset.trigger), event)) continue;
      tool.arrivals.length = 0;
      const mapping = { ...preset, fields: { ...preset.fields, ...fields } };
      const [result] = await runWork(engine, { slug, settings, mapping, events: [event], hopThroughUs: 1 });
      all.push({
        preset: preset.name,
        outcome: result?.outcome ?? { outcome: 'delivered' },
        requests: tool.arrivals.map(sentOf),
      });
    }
    return all;
  };
  const close = async (): Promise<void> => {
    await tool.close();
    bundle.closeGuardedHttp(http);
  };
  return { sendByPresets, close };
}

/** A mapping as somebody gets it who picks an action and changes nothing. */
function ofDefaults({ actions }: DestinationDefinition, key: string): MappingPreset {
  const fields = (actions.find((each) => each.key === key)?.fields ?? []).flatMap((field) =>
    field.default === undefined ? [] : [[field.key, field.default]],
  );
  return { name: key, action: key, trigger: 'type != ""', fields: Object.fromEntries(fields) as JsonObject };
}

function sentOf({ method, url, headers, body }: Arrival): Sent {
  const own = Object.entries(headers).filter(([name]) => !USUAL_HEADERS.has(name));
  return {
    method,
    url: `https://${headers.host}${url}`,
    headers: Object.fromEntries(own),
    body: bodyOf(headers['content-type'], body),
  };
}

function bodyOf(contentType: string | undefined, body: string): unknown {
  if (contentType?.startsWith('application/json') === true) return JSON.parse(body);
  if (contentType?.startsWith('application/x-www-form-urlencoded') !== true) return body;
  return Object.fromEntries([...new URLSearchParams(body)].map(([key, value]) => [key, formValueOf(value)]));
}

/** Some tools take JSON in a field of a form. */
const formValueOf = (text: string): unknown => (/^[[{]/.test(text) ? JSON.parse(text) : text);
