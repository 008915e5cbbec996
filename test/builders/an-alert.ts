import { Alert } from '../../shared/domain/alert.ts';

const STORED = { version: 1, createdAt: '2026-11-20T10:00:00.000Z', updatedAt: '2026-11-20T10:00:00.000Z' };

export const anAlert = (over: Record<string, unknown> = {}): Alert =>
  Alert.parse({
    id: 'alr_1',
    workspaceId: 'ws_1',
    name: 'Late',
    kind: 'DELIVERY_RATE',
    percent: 95,
    channels: [{ type: 'IN_APP' }],
    enabled: true,
    createdBy: { id: 'usr_ann', name: 'ann@shop.test' },
    ...STORED,
    ...over,
  });
