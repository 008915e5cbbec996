/** Names of what lies in the archive bucket. All derive from what is named, so that a repeated write is the same object. */

/** One object of the archive: a source, an hour of receivedAt (`YYYY-MM-DDTHH`), and a hash of what is in it. */
export type ArchivePlace = { sourceId: string; hour: string; name: string };

const dayAndHour = (hour: string): string => `day=${hour.slice(0, 10)}/hour=${hour.slice(11, 13)}`;

export const archiveKey = ({ sourceId, hour, name }: ArchivePlace): string =>
  `source=${sourceId}/${dayAndHour(hour)}/${name}.ndjson.gz`;

/** What all digests of a workspace and hour begin with: they are read together. */
export const digestPrefix = (workspaceId: string, hour: string): string =>
  `digests/workspace=${workspaceId}/${dayAndHour(hour)}/`;

export const digestKey = (workspaceId: string, { sourceId, hour, name }: ArchivePlace): string =>
  `${digestPrefix(workspaceId, hour)}source=${sourceId}/${name}.json.gz`;

/** Empty objects that name digests of long past hours, by the hour in which they were written. */
export const LATE_PREFIX = 'late/written=';
export const lateKey = (writtenHour: string, digest: string): string => `${LATE_PREFIX}${writtenHour}/${digest}`;

/** The digest that a mark names, with the workspace and the hour that it is of; undefined for what is no mark of ours. */
export function digestOfLateKey(key: string): { key: string; workspaceId: string; hour: string } | undefined {
  const found = /^late\/written=[^/]{13}\/(digests\/workspace=([^/]+)\/day=([^/]{10})\/hour=([^/]{2})\/.+)$/.exec(key);
  const [, digest, workspaceId, day, hour] = found ?? [];
  if (digest === undefined || workspaceId === undefined) return undefined;
  return { key: digest, workspaceId, hour: `${day}T${hour}` };
}

/** What digests of a source and hour begin with. */
export const sourceDigestPrefix = (workspaceId: string, hour: string, sourceId: string): string =>
  `${digestPrefix(workspaceId, hour)}source=${sourceId}/`;

/** Where schemas are folded to: under `usage/`, which lives as long as it is written again. */
const schemaFolder = (workspaceId: string): string => `usage/schema/workspace=${workspaceId}/`;
const ofSource = (workspaceId: string, sourceId: string): string => `${schemaFolder(workspaceId)}source=${sourceId}/`;
export const schemaKeys = {
  /** How far the schemas of a workspace are folded. */
  foldedTo: (workspaceId: string) => `${schemaFolder(workspaceId)}folded.json.gz`,
  /** Which names a source has, and since when. */
  known: (workspaceId: string, sourceId: string) => `${ofSource(workspaceId, sourceId)}known.json.gz`,
  hour: (workspaceId: string, sourceId: string, hour: string) =>
    `${ofSource(workspaceId, sourceId)}${dayAndHour(hour)}.json.gz`,
  day: (workspaceId: string, sourceId: string, day: string) =>
    `${ofSource(workspaceId, sourceId)}day=${day}/all.json.gz`,
};
