import { dedupKeyOf } from '../../../../shared/domain/workspace.ts';
import { aSource } from '../../../builders/workspace-things.ts';

test.each([
  ['a mobile app', { kind: 'mobile' }, 'device'],
  ['a website whose events share requests', { kind: 'website' }, 'device'],
  [
    'a website that sends each event by itself: the ledger would cost more than the claim',
    { kind: 'website', batching: false },
    'event',
  ],
  ['a server, whose users are many devices', { kind: 'server' }, 'event'],
  ['a server that is set otherwise', { kind: 'server', dedupBy: 'device' }, 'device'],
  ['a website that is set otherwise', { kind: 'website', dedupBy: 'event' }, 'event'],
])('repeats of %s are found by what is cheaper (E18)', (_case, over, expected) => {
  expect(dedupKeyOf(aSource(over))).toBe(expected);
});
