import { destinationPartOf } from '../../../../shared/domain/digest-sums.ts';
import { aDoneRow } from '../../../builders/ledger-rows.ts';

const OURS = [
  'destination_deleted',
  'destination_disabled',
  'destination_paused',
  'mapping_deleted',
  'mapping_disabled',
  'crash_loop',
  'hop_cap',
  'suppressed',
  'NOT_SENT_CLIENT_SIDE',
];

test.each(OURS)('a send that %s ended was not tried, and no failure of its destination', (code) => {
  const deadLettered = { [code]: 2 };
  const part = destinationPartOf(
    [aDoneRow({ delivered: 0, deadLettered, errors: [{ code, message: '', count: 2 }] })],
    1,
  );
  expect(part).toMatchObject({ deadLettered, failedTries: {} });
  expect(part).not.toHaveProperty('lastFailedAt');
});

test.each(['500', 'ECONNRESET', 'INVALID_SETTINGS'])('a send that %s ended failed', (code) => {
  const part = destinationPartOf([aDoneRow({ delivered: 0, errors: [{ code, message: '', count: 2 }] })], 1);
  expect(part).toMatchObject({ failedTries: { [code]: 2 } });
});
