import { allowsIntegration, allowsWarehouse, namesIntegration } from '../../../../shared/domain/integrations-object.ts';
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

test.each<[string, JsonObject, boolean]>([
  ['nothing said', {}, false],
  ['All true', { All: true }, false],
  ['named true', { Salesforce: true }, true],
  ['named with options', { All: false, Salesforce: { object: 'Lead' } }, true],
])('Salesforce is off unless an event names it (C20): %s', (_case, integrations, expected) => {
  expect(allowsIntegration(integrations, ['Salesforce'])).toBe(expected);
});

test.each<[string, JsonObject, boolean]>([
  ['true', { Amplitude: true }, true],
  ['options', { Amplitude: {} }, true],
  ['false', { Amplitude: false }, false],
  ['All only', { All: true }, false],
])('an event names a destination (C22): %s', (_case, integrations, expected) => {
  expect(namesIntegration(integrations, NAMES)).toBe(expected);
});

test.each<[string, JsonObject, boolean]>([
  ['nothing said', {}, true],
  ['All false does not keep warehouses out (C18)', { All: false }, true],
  ['false', { Warehouses: false }, false],
  ['all false', { Warehouses: { all: false } }, false],
  ['all true', { Warehouses: { all: true } }, true],
  ['this one listed', { Warehouses: { warehouseIds: ['w1', 'w2'] } }, true],
  ['others listed', { Warehouses: { all: true, warehouseIds: ['w2'] } }, false],
])('warehouses (C21): %s', (_case, integrations, expected) => {
  expect(allowsWarehouse(integrations, 'w1')).toBe(expected);
});
