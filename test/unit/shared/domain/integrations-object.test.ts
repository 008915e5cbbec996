import { allowsIntegration } from '../../../../shared/domain/integrations-object.ts';
import type { JsonObject } from '../../../../shared/domain/json.ts';

const NAMES = ['Actions Amplitude', 'Amplitude'];

test.each<[string, JsonObject, boolean]>([
  ['nothing said', {}, true],
  ['All false', { All: false }, false],
  ['All true', { All: true }, true],
  ['the own name false', { Amplitude: false }, false],
  ['All false, the own name true', { All: false, 'Actions Amplitude': true }, true],
  ['All false, an object of options under an alias counts as true', { All: false, Amplitude: { sessionId: 1 } }, true],
  ['All true, the own name false', { All: true, Amplitude: false }, false],
  ['the first of several names decides', { 'Actions Amplitude': true, Amplitude: false }, true],
  ['another case is another name', { All: false, amplitude: true }, false],
  ['null says nothing', { All: false, Amplitude: null }, false],
  ['another destination false', { Salesforce: false }, true],
])('integrations object: %s', (_case, integrations, expected) => {
  expect(allowsIntegration(integrations, NAMES)).toBe(expected);
});

test('a name that objects inherit is not in the payload', () => {
  expect(allowsIntegration({ All: false }, ['constructor'])).toBe(false);
});
