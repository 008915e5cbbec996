import type { Destination, Source } from '../../domain/workspace.ts';

export type DeviceFault = { at: 'connectionMode' | 'source' | 'type'; message: string };

/**
 * A tool in browsers runs on websites, once on each (B08), and nowhere else: whatever else one says of it would send nothing. What is switched off
 * sends nothing anyway, and may be unfinished. `hasOther`: the source has another one of the type that is switched on.
 */
export function deviceFaults(
  destination: { type: string; enabled: boolean; connectionMode?: Destination['connectionMode'] | undefined },
  isDeviceOnly: boolean,
  source: Pick<Source, 'slug' | 'kind'> | undefined,
  hasOther: boolean,
): DeviceFault[] {
  const { type, enabled, connectionMode } = destination;
  if (!isDeviceOnly) {
    return connectionMode === 'device' ? [{ at: 'connectionMode', message: `${type} is cloud-only` }] : [];
  }
  if (!enabled) return [];
  const faults: DeviceFault[] = [];
  if (connectionMode !== 'device') {
    faults.push({ at: 'connectionMode', message: `must be "device", since ${type} runs in browsers only` });
  }
  if (source !== undefined && source.kind !== 'website') {
    faults.push({ at: 'source', message: `${type} runs in browsers only, and ${source.slug} is no website` });
  }
  if (hasOther) faults.push({ at: 'type', message: `${source?.slug ?? 'the source'} has a ${type} already` });
  return faults;
}
