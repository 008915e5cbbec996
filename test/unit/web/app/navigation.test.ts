import { type NavigationGroup, navigationFor } from '../../../../web/src/app/navigation-for.ts';

const icon = () => null;
const GROUPS: readonly NavigationGroup[] = [
  {
    label: 'Accounts',
    entries: [
      { label: 'Balance', path: 'balance', icon },
      { label: 'Usage', path: 'usage', icon, right: 'usage.read' },
    ],
  },
  { label: 'Later', entries: [{ label: 'Plans', path: 'plans', icon, area: 'Tracking Plans' }] },
];
const built = (effect: 'works' | 'later') => [{ area: 'Tracking Plans', effect }];
const labels = (groups: readonly NavigationGroup[]) =>
  groups.flatMap(({ entries }) => entries.map(({ label }) => label));

test('who may not read usage does not see its entry; areas that are not built are not shown (A04)', () => {
  expect(labels(navigationFor(GROUPS, built('later'), () => false))).toEqual(['Balance']);
  expect(labels(navigationFor(GROUPS, built('later'), () => true))).toEqual(['Balance', 'Usage']);
});

test('an area that works is shown, and a group without entries is not', () => {
  expect(labels(navigationFor(GROUPS, built('works'), () => false))).toEqual(['Balance', 'Plans']);
  expect(navigationFor(GROUPS, built('later'), () => true).map(({ label }) => label)).toEqual(['Accounts']);
});
