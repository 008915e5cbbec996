/** What a deployment tells the app about itself, from `/config.json`: one build serves them all. */
export type AppConfig = {
  /** The Public API and /app-api, without a slash at the end. */
  apiUrl: string;
  /** Where SDKs send to. */
  ingestUrl: string;
  /** Where Analytics.js and its settings come from. */
  cdnUrl: string;
  region: string;
  stage: string;
  /** `local`: one machine, for evaluation and development. */
  edition: 'aws' | 'local';
  auth: { issuer: string; clientId: string; logoutUrl?: string };
};

let loaded: AppConfig | undefined;

/** Reads the configuration, once. Throws a sentence for people where it is missing or is none. */
export async function loadConfig(): Promise<AppConfig> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}: this deployment is not complete`);
  const read = (await response.json()) as Partial<AppConfig>;
  if (typeof read.apiUrl !== 'string' || read.auth === undefined) {
    throw new Error('/config.json names no API: this deployment is not complete');
  }
  loaded = read as AppConfig;
  return loaded;
}

/** The configuration that `loadConfig` read; nothing is rendered before. */
export function appConfig(): AppConfig {
  if (loaded === undefined) throw new Error('The configuration is not loaded yet');
  return loaded;
}
