import { findDefinition } from '../../../../shared/destinations/catalog.ts';
import { DEVICE_MODES, findDeviceMode } from '../../../../shared/destinations/device-modes.ts';
import { findKind } from '../../../../shared/destinations/kinds.ts';

test('only what has a script for browsers is for the device; the cloud types are not', () => {
  expect(DEVICE_MODES.map(({ slug }) => slug)).toEqual(['braze-web']);
  for (const slug of ['braze', 'webhook', 'amplitude', 'google-analytics-4'])
    expect(findDeviceMode(slug)).toBeUndefined();
});

test.each(DEVICE_MODES)(
  '$slug is in the catalog with exactly the settings that browsers get, none of them secret',
  async (mode) => {
    const definition = await findDefinition(mode.slug);
    expect(definition?.settings.map(({ key }) => key)).toEqual(mode.settings);
    expect(definition?.settings.filter(({ secret }) => secret)).toEqual([]);
    expect(definition?.presets.length).toBeGreaterThan(0);
    const actions = definition?.actions.map(({ key }) => key) ?? [];
    for (const preset of definition?.presets ?? []) expect(actions).toContain(preset.action);
    expect(JSON.stringify(definition)).not.toMatch(/\bSegment\b/);
  },
);

test.each(DEVICE_MODES)(
  '$slug goes by the name that Analytics.js knows it by, and nothing of it is sent from here',
  (mode) => {
    expect(mode.integrationNames[0]).toBe(mode.name);
    expect(findKind(mode.slug)).toMatchObject({ integrationNames: mode.integrationNames, isDeviceOnly: true });
  },
);
