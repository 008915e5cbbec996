import type { TributaryEvent } from '../domain/event.ts';
import type { IntakeId, SourceId, WorkspaceId } from '../domain/ids.ts';
import { diffJson } from '../domain/json-diff.ts';
import type { JsonObject } from '../domain/json.ts';
import { isBlockedBySchema, withoutBlockedTraits } from '../domain/schema-rules.ts';
import type { SourceSchema } from '../domain/source-schema.ts';
import { isOfSuppressed, SUPPRESSED_CODE } from '../domain/suppression.ts';
import { judgeByStage, type RuledTarget, TARGET_STAGES } from '../domain/target-verdict.ts';
import type { TestStage, TestStageName } from '../domain/test-result.ts';
import type { Source } from '../domain/workspace.ts';
import { readIntake } from './read-intake.ts';

/** Stages in the order in which an event meets them, without the mappings. */
const STAGES: readonly TestStageName[] = ['validate', 'suppression', 'source-schema', ...TARGET_STAGES].filter(
  (stage, index, all) => all.indexOf(stage) === index,
) as TestStageName[];
/** Asked of every test: what is no event is sent by nobody, and nobody's data is sent who asked that it be not. */
const ALWAYS: ReadonlySet<TestStageName> = new Set(['validate', 'suppression']);

export type StagedEvent = {
  event: JsonObject;
  workspaceId: WorkspaceId;
  sourceId: SourceId;
  intakeId: IntakeId;
  receivedAt: string;
};
export type StageRules = {
  source: Source | undefined;
  schema: SourceSchema | undefined;
  suppressed: ReadonlySet<string> | undefined;
  target: RuledTarget;
  /** Without it the event goes to the mappings as it was given (F16). */
  applyFilters: boolean;
};

/** `event` absent: a stage has stopped it, for `reason`. */
export type Staged = { stages: TestStage[] } & ({ event: TributaryEvent } | { event?: never; reason: string });

/**
 * Takes one event through every stage before the mappings, by the code that route judges by, and tells of each stage what it said and changed. Pure;
 * no claim is made, so that nothing is a duplicate.
 */
export function stageEvent({ event: given, ...head }: StagedEvent, rules: StageRules): Staged {
  const told = new Map<TestStageName, Omit<TestStage, 'stage'>>();
  const stop = (stage: TestStageName, reason: string): Staged => {
    told.set(stage, { verdict: 'STOPPED', reason, changes: [] });
    return { stages: toldInOrder(told, rules.applyFilters), reason };
  };
  const pass = (stage: TestStageName, before: JsonObject, after: JsonObject): void => {
    told.set(stage, {
      verdict: 'PASSED',
      reason: null,
      changes: before === after ? [] : diffJson(before, after).changes,
    });
  };

  const reading = readIntake({ v: 1, kind: 'batch', ...head, body: { batch: [given] } }, rules.source);
  const [read] = reading.events;
  if (read === undefined) return stop('validate', Object.keys(reading.invalid)[0] ?? 'not_an_object');
  pass('validate', given, read.event);
  if (isOfSuppressed(read.event, rules.suppressed)) return stop('suppression', SUPPRESSED_CODE);
  pass('suppression', read.event, read.event);
  if (!rules.applyFilters) return { stages: toldInOrder(told, false), event: read.event };

  if (isBlockedBySchema(rules.schema, read.event)) return stop('source-schema', 'event_setting');
  const allowed = withoutBlockedTraits(rules.schema, read.event);
  pass('source-schema', read.event, allowed);
  const { stage: last, judged } = judgeByStage(allowed, rules.target);
  for (const stage of TARGET_STAGES.slice(0, TARGET_STAGES.indexOf(last))) {
    if (!told.has(stage)) pass(stage, allowed, allowed);
  }
  if (judged.verdict === 'filtered') return stop(last, judged.reason);
  pass(last, allowed, judged.event);
  return { stages: toldInOrder(told, true), event: judged.event };
}

const toldInOrder = (told: ReadonlyMap<TestStageName, Omit<TestStage, 'stage'>>, applyFilters: boolean): TestStage[] =>
  STAGES.map((stage) => ({
    stage,
    ...(told.get(stage) ?? {
      verdict: applyFilters || ALWAYS.has(stage) ? 'NOT_REACHED' : 'SKIPPED',
      reason: null,
      changes: [],
    }),
  }));
