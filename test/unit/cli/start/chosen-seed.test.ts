import { chosenSeed } from '../../../../cli/start/chosen-seed.ts';

const seed = (slug: string, name = slug): string => JSON.stringify({ workspace: { slug, name } });
const demo = seed('demo');
const mine = seed('mine');

test('a start that names no seed file goes on with what the one before set up, and plays no demo on it', () => {
  expect(chosenSeed({ given: undefined, kept: mine, demo })).toEqual({
    text: mine,
    isDemo: false,
    isSameWorkspace: true,
  });
});

test('a first start is the demo, or the file that it is given', () => {
  expect(chosenSeed({ given: undefined, kept: undefined, demo })).toEqual({
    text: demo,
    isDemo: true,
    isSameWorkspace: true,
  });
  expect(chosenSeed({ given: mine, kept: undefined, demo })).toMatchObject({ text: mine, isDemo: false });
});

test('a file that is changed is of the same workspace; one of another has no use for the token of the one before', () => {
  const changed = seed('mine', 'New name');
  expect(chosenSeed({ given: changed, kept: mine, demo })).toMatchObject({ text: changed, isSameWorkspace: true });
  expect(chosenSeed({ given: mine, kept: demo, demo })).toMatchObject({ text: mine, isSameWorkspace: false });
  expect(chosenSeed({ given: demo, kept: mine, demo })).toMatchObject({ isDemo: true, isSameWorkspace: false });
});
