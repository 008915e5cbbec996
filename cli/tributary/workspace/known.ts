import type {
  DestinationFile,
  FileKind,
  Files,
  FilterFile,
  GroupFile,
  LabelFile,
  MappingFile,
  SettingsFile,
  SourceFile,
  TrackingPlanFile,
  TransformationFile,
} from '../files/workspace-files.ts';
import type { DestinationType } from './catalog.ts';

/** A thing of the workspace as a file would have it, with the id that it has there. */
export type Known<T> = { id: string; file: T };
export type KnownDestination = Known<DestinationFile> & {
  /** Of its secret settings those that the workspace has; `file.settings` holds the others. */
  secretKeys: readonly string[];
  type: DestinationType;
  mappings: readonly Known<MappingFile>[];
  filters: readonly Known<FilterFile>[];
};

/** A workspace as the API tells it. */
export type KnownWorkspace = {
  workspace: { id: string; slug: string; name: string };
  /** Kinds that were read; the others are empty. */
  kinds: readonly FileKind[];
  settings: readonly Known<SettingsFile>[];
  labels: readonly Known<LabelFile>[];
  sources: readonly Known<SourceFile>[];
  trackingPlans: readonly Known<TrackingPlanFile>[];
  destinations: readonly KnownDestination[];
  transformations: readonly Known<TransformationFile>[];
  groups: readonly Known<GroupFile>[];
};

export const KINDS = [
  'settings',
  'labels',
  'sources',
  'trackingPlans',
  'destinations',
  'transformations',
  'groups',
] as const satisfies readonly FileKind[];

export const filesWithoutSecrets = (known: KnownWorkspace): Files => ({
  settings: known.settings.map(({ file }) => file),
  labels: known.labels.map(({ file }) => file),
  sources: known.sources.map(({ file }) => file),
  trackingPlans: known.trackingPlans.map(({ file }) => file),
  destinations: known.destinations.map(({ file }) => file),
  transformations: known.transformations.map(({ file }) => file),
  groups: known.groups.map(({ file }) => file),
});
