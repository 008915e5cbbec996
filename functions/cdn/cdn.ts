import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { WriteKey } from '../../shared/domain/ids.ts';
import type { Source, WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { json } from '../../shared/http/answers.ts';
import type { ConfigReader, SourceStore } from '../../shared/ports/config-store.ts';
import { snippetOf } from './snippet.ts';
import { type Places, type SourceSettings, sourceSettings } from './source-settings.ts';

export type CdnDeps = {
  sources: SourceStore;
  config: ConfigReader;
  /** Analytics.js as its package has it. */
  script: () => Promise<string>;
  places: Places;
  integrationNames: (type: string) => readonly string[];
  /** Told once for each version of the configuration. */
  warn: (warning: string, writeKey: WriteKey) => void;
};

/**
 * How long each of CloudFront's two tiers may answer without us, and then a browser without CloudFront. With the CONFIG_CHECK_MS that we go on with what
 * we know, a change is in force within 30 s even where no cache tells the next one how old an answer is (docs/decisions/027).
 */
export const SETTINGS_FRESH_SECONDS = { edge: 8, browser: 8 };
const SCRIPT_FRESH_SECONDS = 300;
const STALE_IF_ERROR_SECONDS = 3_600;
/** A key that nobody owns: short, because a new source is used at once. */
const UNKNOWN_FRESH_SECONDS = 10;
const WARNING_CHARS_MAX = 1_000;

const SETTINGS_PATH = /^\/v1\/projects\/([^/]+)\/settings\/?$/;
const SCRIPT_PATH = /^\/analytics\.js\/v1\/([^/]+)\/(?:platform\/)?analytics(?:\.min)?\.js$/;

/** By hand, too: whoever asks past CloudFront, which sets it on every answer, its own errors included. */
const CORS = { 'Access-Control-Allow-Origin': '*' };

/** The part of the CDN that knows sources: their settings, and Analytics.js with their write key. */
export const cdn = (deps: CdnDeps) => {
  const settingsOf = onceForEachConfig(deps);
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const isSettings = SETTINGS_PATH.exec(event.rawPath);
    const key = WriteKey.safeParse((isSettings ?? SCRIPT_PATH.exec(event.rawPath))?.[1]);
    if (!key.success) return notFound('There is no such file');
    const writeKey = key.data;
    const source = await deps.sources.findByWriteKey(writeKey);
    const config = source && (await deps.config.workspaceConfig(source.workspaceId));
    if (source === undefined || config === undefined) return notFound('No source has this write key');
    if (isSettings === null) {
      const body = snippetOf(await deps.script(), writeKey, deps.places);
      return {
        statusCode: 200,
        headers: {
          ...CORS,
          'Content-Type': 'application/javascript; charset=utf-8',
          'Cache-Control': fresh(SCRIPT_FRESH_SECONDS),
        },
        body,
      };
    }
    const { settings, warnings } = settingsOf(writeKey, source, config);
    return json(200, settings, {
      ...CORS,
      'Cache-Control': fresh(SETTINGS_FRESH_SECONDS.browser, SETTINGS_FRESH_SECONDS.edge),
      ...(warnings.length > 0 && { 'Tributary-Warning': headerText(warnings.join('; ')) }),
    });
  };
};

/** A warning may quote a name of a field, which is any text: what no header can carry would make the gateway answer 500, and pages send nothing. */
const headerText = (text: string): string => text.slice(0, WARNING_CHARS_MAX).replaceAll(/[^\x20-\x7E]/g, '?');

/** With what they have, both go on for longer while we fail. */
const fresh = (browserSeconds: number, edgeSeconds = browserSeconds): string =>
  `public, max-age=${browserSeconds}, s-maxage=${edgeSeconds}, stale-if-error=${STALE_IF_ERROR_SECONDS}`;

/** Analytics.js shows the body to whoever opens the console. */
const notFound = (message: string): APIGatewayProxyStructuredResultV2 =>
  json(404, { message }, { ...CORS, 'Cache-Control': `public, max-age=${UNKNOWN_FRESH_SECONDS}` });

/** Settings are made once for each key, source and configuration: the readers answer the same objects while nothing changed. */
function onceForEachConfig(deps: CdnDeps) {
  type Made = { source: Source; made: SourceSettings };
  const cache = new WeakMap<WorkspaceConfig, Map<WriteKey, Made>>();
  return (writeKey: WriteKey, source: Source, config: WorkspaceConfig): SourceSettings => {
    const ofConfig = cache.get(config) ?? new Map<WriteKey, Made>();
    cache.set(config, ofConfig);
    const known = ofConfig.get(writeKey);
    if (known?.source === source) return known.made;
    const { places, integrationNames } = deps;
    const made = sourceSettings({ writeKey, source, config, places, integrationNames });
    ofConfig.set(writeKey, { source, made });
    for (const warning of made.warnings) deps.warn(warning, writeKey);
    return made;
  };
}
