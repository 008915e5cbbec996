import type { RoutedMessage } from '../../functions/route/debug-entries.ts';
import { planIntake, targetsOf } from '../../functions/route/plan-intake.ts';
import { EVENT_TYPES } from '../../shared/domain/event.ts';
import type { IntakeMessage } from '../../shared/domain/intake-message.ts';
import { PlanRow } from '../../shared/domain/ledger-rows.ts';
import { schemaOf, type Source, type WorkspaceConfig } from '../../shared/domain/workspace.ts';
import { readIntake } from '../../shared/pipeline/read-intake.ts';
import { aTarget, aWorkspaceConfig } from './workspace-config.ts';

/** A message as route has planned it. */
export function routedMessage(
  message: IntakeMessage,
  {
    config = aWorkspaceConfig([aTarget('x')]),
    duplicates = [],
  }: { config?: WorkspaceConfig; duplicates?: string[] } = {},
): RoutedMessage {
  const source: Source | undefined = config.sources.find(({ id }) => id === message.sourceId);
  const schema = schemaOf(config, message.sourceId);
  const reading = readIntake(message, source, schema);
  const targets = targetsOf(config, message.sourceId, () => ({
    supportedTypes: EVENT_TYPES,
    integrationNames: ['Webhook'],
  }));
  const claimed = new Set(duplicates);
  const plan = planIntake(reading, claimed, targets, { schema, suppressed: config.suppressed });
  const { intakeId, workspaceId, sourceId, receivedAt } = message;
  const row = PlanRow.parse({
    v: 1,
    intakeId,
    workspaceId,
    sourceId,
    receivedAt,
    plannedAt: receivedAt,
    configVersion: 1,
    writeId: 'w',
    ...plan,
  });
  return { message, reading, row, suppressed: config.suppressed };
}
