import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isRecord, textIn } from './api.ts';
import { TrackingError } from './expectations.ts';
import type { Endpoints } from './types.ts';

/** Names the file for processes that a test runner starts. */
export const ENDPOINTS_VARIABLE = 'TRIBUTARY_ENDPOINTS';
/** Folders that are looked into, upwards from the working directory. */
const FOLDERS_MAX = 40;

/** Where the local edition is. Throws TrackingError with what to do where none is found. */
export function findEndpoints(
  given: Endpoints | string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
  directory: string = process.cwd(),
): Endpoints {
  if (typeof given === 'object') return given;
  const named = given ?? env[ENDPOINTS_VARIABLE];
  if (named !== undefined && named !== '') {
    const found = readEndpoints(named);
    if (found !== undefined) return found;
    throw new TrackingError(`${named} holds no endpoints: is the local edition running?`);
  }
  let folder = directory;
  for (let depth = 0; depth < FOLDERS_MAX; depth += 1) {
    const found = readEndpoints(join(folder, '.tributary', 'endpoints.json'));
    if (found !== undefined) return found;
    const above = dirname(folder);
    if (above === folder) break;
    folder = above;
  }
  throw new TrackingError(
    `No local edition was found: call startTributary in the global set-up, or run "npm start" and set ${ENDPOINTS_VARIABLE} to its .tributary/endpoints.json.`,
  );
}

/** `undefined` where there is no such file, or none of ours. */
export function readEndpoints(path: string): Endpoints | undefined {
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
  const [trackingUrl, apiUrl, apiToken] = [
    textIn(read, 'trackingUrl'),
    textIn(read, 'apiUrl'),
    textIn(read, 'apiToken'),
  ];
  if (!isRecord(read) || trackingUrl === undefined || apiUrl === undefined || apiToken === undefined) return undefined;
  return {
    trackingUrl,
    apiUrl,
    apiToken,
    cdnUrl: textIn(read, 'cdnUrl') ?? null,
    sinkUrl: textIn(read, 'sinkUrl') ?? null,
  };
}
