import { triggerVerdict } from '../../../../functions/route/triggers.ts';
import { readIntake } from '../../../../shared/pipeline/read-intake.ts';
import { anIntakeMessage } from '../../../builders/intake-message.ts';
import { aSource } from '../../../builders/workspace-things.ts';

const [read] = readIntake(
  anIntakeMessage({ body: { userId: 'u1', event: 'Order Completed', properties: { total: 12, plan: 'pro' } } }),
  aSource(),
).events;

test.each([
  ['type = "track"', 'chosen'],
  ['type = "page"', 'passed over'],
  ['type = "track" and event = "Order Completed"', 'chosen'],
  ['event = "order completed"', 'passed over'],
  ['type = "page" or properties.total >= 12', 'chosen'],
  ['(type = "page" or type = "track") and properties.plan = "pro"', 'chosen'],
  ['contains(event, "Comp")', 'chosen'],
  ['match(event, "Order*")', 'chosen'],
  ['userId != null', 'chosen'],
  ['properties.missing = null', 'chosen'],
  ['properties.constructor.name = "Object"', 'chosen or not, but no error'],
  ['', 'unreadable'],
  ['(((', 'unreadable'],
  ['nonsense', 'unreadable'],
])('%s: %s', (trigger, expected) => {
  if (read === undefined) throw new Error('one event');
  const verdict = triggerVerdict(trigger, read.event);
  if (expected.startsWith('chosen or')) expect(verdict).not.toBe('unreadable');
  else expect(verdict).toBe(expected);
});
